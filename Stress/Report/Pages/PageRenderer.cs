using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FolioRuntime.Report.Pages;

/// <summary>Renders the page's components to text. They escape whatever comes from a file.</summary>
internal static class PageRenderer
{
    private const string StyleSheet = "Page.css";

    public static string Render(ReportContent content)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(ReportPage.Content)] = content,
            [nameof(ReportPage.Style)] = Style(),
        });
        return renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReportPage>(parameters)).ToHtmlString()).GetAwaiter().GetResult();
    }

    private static string Style()
    {
        using var reader = new StreamReader(typeof(PageRenderer).Assembly.GetManifestResourceStream(StyleSheet)!);
        return reader.ReadToEnd();
    }
}
