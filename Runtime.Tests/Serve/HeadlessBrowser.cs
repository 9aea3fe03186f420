using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace FolioRuntime.Tests.Serve;

/// <summary>A Chromium without a window, with one page open, spoken to by its debugging protocol.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    /// <summary>What it may be called, in the order in which it is looked for.</summary>
    public static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome", "headless_shell"];

    private readonly string _profile;
    private readonly Process _process;
    private readonly ClientWebSocket _page = new();

    private HeadlessBrowser(string profile, Process process)
    {
        _profile = profile;
        _process = process;
    }

    /// <summary>Where one is installed; null: nowhere in PATH.</summary>
    public static string? Find() => Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page.</summary>
    public static async Task<HeadlessBrowser> OpenAsync(string program, string address, CancellationToken stop)
    {
        var profile = Directory.CreateTempSubdirectory("folio-browser-").FullName;
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", $"--user-data-dir={profile}", address])
            start.ArgumentList.Add(argument);
        var browser = new HeadlessBrowser(profile, Process.Start(start)!);
        try
        {
            await browser.ConnectAsync(stop);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>The text of the page, once an expression holds in it.</summary>
    public async Task<string> TextWhenAsync(string condition, CancellationToken stop)
    {
        var expression = $"new Promise(done => {{ const look = () => ({condition}) ? done(document.body.innerText) : setTimeout(look, 20); look(); }})";

        // Ends: a page that goes, for the one that was asked for, takes the question with it, once; or else the caller stops.
        while (true)
        {
            var command = new { id = 1, method = "Runtime.evaluate", @params = new { expression, awaitPromise = true } };
            await _page.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, stop);
            using var answer = JsonDocument.Parse(await ReceiveAsync(stop));
            if (answer.RootElement.TryGetProperty("result", out var outcome) && outcome.GetProperty("result").TryGetProperty("value", out var text))
                return text.GetString()!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken stop)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult received;
        do
        {
            received = await _page.ReceiveAsync(buffer, stop);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return message.ToArray();
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        const string announcement = "DevTools listening on ";
        string line;
        do
            line = await _process.StandardError.ReadLineAsync(stop) ?? throw new InvalidOperationException("The browser ended.");
        while (!line.StartsWith(announcement, StringComparison.Ordinal));

        // Nobody needs to know what else it says, but it must be able to say it.
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var http = new HttpClient();
        var pages = await http.GetFromJsonAsync<JsonElement>($"http://{new Uri(line[announcement.Length..]).Authority}/json/list", stop);
        var page = pages.EnumerateArray().First(page => page.GetProperty("type").GetString() == "page");
        await _page.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), stop);
    }
}
