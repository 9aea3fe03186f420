#region EMBEDDING_CONTAINER
using FolioRuntime;
using FolioRuntime.Hosting;
using FolioRuntime.Slabs;
#endregion
using FolioRuntime.Lifetimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

// Outside FolioRuntime, as its users are.
namespace DocumentedExamples;

/// <summary>The C# of docs/EMBEDDING.md, compiled and run; see <see cref="DocumentedExamples"/>. What a web project's usings add is not shown there.</summary>
public class EmbeddingExamples
{
    // The usings of the Kestrel example are a part of those above, so they are text here: its members are compiled all the same.
    internal const string KestrelUsings = """
        #region EMBEDDING_KESTREL
        using FolioRuntime.Hosting;
        #endregion
        """;

    [Test]
    [CancelAfter(60_000)]
    public async Task KestrelsExampleAnswers()
    {
        var answer = new TaskCompletionSource<(string Text, long Slabs)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.Run(() => Serve(answer));
        var (text, slabs) = await answer.Task;
        Assert.That(text, Is.EqualTo("Hello"));
        Assert.That(slabs, Is.Positive, "from our slabs");
    }

    [Test]
    public async Task TheContainersExamplePrintsWhatItSays() => Assert.That(await DocumentedExamples.OutputOfAsync(HostAsync), Is.EqualTo("False\n"));

    private static void Serve(TaskCompletionSource<(string Text, long Slabs)> answer)
    {
        #region EMBEDDING_KESTREL
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKestrelMemoryPool().Configure(settings => settings.CapacityBytes = 256 << 20);
        #endregion
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        #region EMBEDDING_KESTREL
        using var application = builder.Build();
        application.MapGet("/", () => "Hello");
        #endregion
        application.Lifetime.ApplicationStarted.Register(() => _ = AskAsync(application, answer));
        #region EMBEDDING_KESTREL
        application.Run();
        #endregion
    }

    private static async Task AskAsync(WebApplication application, TaskCompletionSource<(string Text, long Slabs)> answer)
    {
        try
        {
            using var client = new HttpClient();
            var text = await client.GetStringAsync(new Uri(application.Urls.Single()));
            var runtime = application.Services.GetRequiredKeyedService<PoolRuntime>(KestrelServiceExtensions.RuntimeName);
            answer.SetResult((text, runtime.Snapshot().Caches.Sum(cache => cache.SlabsCreated)));
        }
        catch (Exception exception)
        {
            answer.SetException(exception);
        }
        finally
        {
            application.Lifetime.StopApplication();
        }
    }

    private static async Task HostAsync()
    {
        #region EMBEDDING_CONTAINER
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddPoolRuntime(settings => settings.CapacityBytes = 64 << 20)
            .Bind(builder.Configuration.GetSection("FolioRuntime"))
            .AddCache<Order>("orders")
            .AddMemoryPool("pipes");
        builder.Services.AddHealthChecks().AddPoolRuntime();
        #endregion
        builder.Logging.ClearProviders();

        #region EMBEDDING_CONTAINER
        using var host = builder.Build();
        await host.StartAsync();
        var orders = host.Services.GetRequiredService<SlabCache<Order>>();
        var handle = orders.Rent();
        orders.Return(handle);
        Console.WriteLine(orders.TryReturn(handle));        // False: refused, logged, and held against its health for five minutes
        await host.StopAsync();
        #endregion
        Assert.That(orders.Untyped.IsDisposed, Is.False);
        Assert.That(host.Services.GetRequiredService<PoolRuntime>().ViolationCount(ViolationKind.DoubleReturn), Is.EqualTo(1));
    }

    #region EMBEDDING_CONTAINER
    internal record struct Order(int Id, int Pieces);
    #endregion
}
