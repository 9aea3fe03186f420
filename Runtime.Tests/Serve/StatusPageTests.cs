using System.Text.Json;
using FolioRuntime.Serve.Servers;
using NUnit.Framework;

namespace FolioRuntime.Tests.Serve;

/// <summary>The page of a server, over HTTP and, where there is one, in a browser.</summary>
[CancelAfter(60_000)]
internal sealed class StatusPageTests
{
    [Test]
    public async Task The_page_is_whole_and_needs_nothing_else(CancellationToken stop)
    {
        await using var server = await ServerHost.StartAsync(ServedPool.Folio, 16 << 20);
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(AddressOf(server)), stop);
        var page = await response.Content.ReadAsStringAsync(stop);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
        Assert.That(page, Does.EndWith("</html>").And.Contain("<tbody id=\"caches\">").And.Contain("new EventSource(\"/events\")"));
        Assert.That(page, Does.Not.Match("(src|href)=\"(https?:)?//"));
    }

    [Test]
    public async Task Events_tell_of_the_caches_and_end_with_the_server(CancellationToken stop)
    {
        var server = await ServerHost.StartAsync(ServedPool.Folio, 16 << 20);
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(AddressOf(server) + "events"), HttpCompletionOption.ResponseHeadersRead, stop);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        var views = new List<PoolView>();
        while (views.Count < 2 && await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                views.Add(JsonSerializer.Deserialize(line["data: ".Length..], ServerJson.Default.PoolView)!);
        }

        Assert.That(views.Select(view => view.Pool), Is.All.EqualTo("folio"));
        Assert.That(views[^1].Caches.Sum(cache => cache.TotalObjects), Is.Positive, "slabs that this very connection's blocks are from");
        Assert.That(views[^1].AllocatedBytes, Is.Positive);
        await server.DisposeAsync();
        try
        {
            await lines.ReadToEndAsync(stop);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // An end too: the server had no time for a farewell.
        }
    }

    [Test]
    public async Task In_a_headless_Chromium_the_table_fills(CancellationToken stop)
    {
        var program = HeadlessBrowser.Find();
        if (program is null)
            Assert.Ignore($"No Chromium is installed here (none of {string.Join(", ", HeadlessBrowser.Names)} in PATH): the page was not looked at in a browser.");
        await using var server = await ServerHost.StartAsync(ServedPool.Folio, 16 << 20);
        await using var browser = await HeadlessBrowser.OpenAsync(program, AddressOf(server), stop);
        var text = await browser.TextWhenAsync("document.querySelector('#caches td') && document.getElementById('state')?.textContent.startsWith('live')", stop);
        Assert.That(text, Does.Contain("live: updated every second").And.Contain("4096").And.Contain("Pools of this server: folio"));
    }

    private static string AddressOf(ServerHost server) => $"http://127.0.0.1:{server.Address.Http1}/";
}
