using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FolioRuntime.Serve.Servers;

/// <summary>The page at <c>/</c>, and the events that keep it up to date. It needs no other file.</summary>
internal static class StatusPage
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private const string Html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>folio-serve: pools</title>
        <link rel="icon" href="data:,">
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
        h1 { font-size: 1.3rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid #d0d7de; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; }
        #state { color: #57606a; }
        @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } th, td { border-color: #30363d; } #state { color: #8b949e; } }
        </style>
        </head>
        <body>
        <h1>Pools of this server: <span id="pool">…</span></h1>
        <p id="figures" aria-live="off">waiting for the first figures</p>
        <div class="wide"><table>
        <thead><tr><th>name</th><th>active objs</th><th>num objs</th><th>objsize</th><th>objperslab</th><th>pagesperslab</th><th>active slabs</th><th>num slabs</th><th>fallbacks</th></tr></thead>
        <tbody id="caches"></tbody>
        </table></div>
        <p id="state" role="status">connecting</p>
        <script>
        const byId = id => document.getElementById(id);
        const mebibytes = bytes => (bytes / 1048576).toFixed(1) + " MiB";
        const events = new EventSource("/events");
        events.onopen = () => byId("state").textContent = "live: updated every second";
        events.onerror = () => byId("state").textContent = "the server doesn't answer; trying again";
        events.onmessage = message => {
          const view = JSON.parse(message.data);
          byId("pool").textContent = view.pool;
          byId("figures").textContent = `resident ${mebibytes(view.residentBytes)}; pages: ${mebibytes(view.allocatedBytes)} in use of ${mebibytes(view.committedBytes)}, ${mebibytes(view.discardedBytes)} given back so far; violations: ${view.violations}`;
          byId("caches").replaceChildren(...view.caches.map(cache => {
            const row = document.createElement("tr");
            for (const cell of [cache.name, cache.activeObjects, cache.totalObjects, cache.objectBytes, cache.objectsPerSlab, cache.pagesPerSlab, cache.activeSlabs, cache.totalSlabs, cache.fallbacks])
              row.insertCell().textContent = cell;
            return row;
          }));
        };
        </script>
        </body>
        </html>
        """;

    public static Task ShowAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Html, context.RequestAborted);
    }

    /// <summary>One event a second until the reader goes or the server stops.</summary>
    public static async Task SendEventsAsync(HttpContext context, ServedPool pool, PoolRuntime runtime, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            do
            {
                var view = JsonSerializer.Serialize(PoolView.Of(pool, runtime), ServerJson.Default.PoolView);
                await context.Response.WriteAsync($"data: {view}\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException)
        {
            // The reader went, or the server stops.
        }
    }
}
