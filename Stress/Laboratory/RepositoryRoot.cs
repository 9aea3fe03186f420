namespace FolioRuntime.Laboratory;

/// <summary>Finds the repository whose sources are to be varied.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder with Runtime.sln that the running program lies in.</summary>
    /// <exception cref="DirectoryNotFoundException">It lies in none.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"Runtime.sln is in none of the folders above {AppContext.BaseDirectory}: the sources to vary are not here.");
    }
}
