using System.Reflection;
using FolioRuntime.Hosting;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace FolioRuntime.Tests.Hosting;

public sealed class PoolRuntimeServiceTests
{
    [Test]
    public void A_container_makes_one_runtime_and_ends_it()
    {
        using var provider = Container(services => services.AddPoolRuntime(Small));

        var runtime = provider.GetRequiredService<PoolRuntime>();

        Assert.That(provider.GetRequiredService<PoolRuntime>(), Is.SameAs(runtime));
        Assert.That(runtime.CapacityBytes, Is.EqualTo(8 << 20));
        provider.Dispose();
        Assert.That(runtime.IsDisposed, Is.True);
    }

    [Test]
    public void Runtimes_of_other_names_are_others()
    {
        using var provider = Container(services =>
        {
            services.AddPoolRuntime(Small);
            services.AddPoolRuntime("sessions").Configure(Small).AddCache<long>("numbers");
            services.AddPoolRuntime("sessions").Configure(settings => settings.MaxOrder = 4);
        });

        var sessions = provider.GetRequiredKeyedService<PoolRuntime>("sessions");

        Assert.That(sessions, Is.Not.SameAs(provider.GetRequiredService<PoolRuntime>()));
        Assert.That(sessions.Options.MaxOrder, Is.EqualTo(4), "added to, not made anew");
        Assert.That(sessions.Options.Name, Is.EqualTo("sessions"));
        Assert.That(provider.GetRequiredService<SlabCache<long>>().Name, Is.EqualTo("numbers"));
        Assert.That(sessions.Snapshot().Caches, Has.Count.EqualTo(1));
    }

    [Test]
    public void Caches_and_pools_are_there_by_name_and_the_first_of_a_type_without()
    {
        using var provider = Container(services => services.AddPoolRuntime(Small)
            .AddCache<int>("orders").AddCache<int>("invoices", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive })
            .AddByteCache("pages", 512).AddMemoryPool("pipes", 1024).AddObjectPool("builders", new StringBuilderPooledObjectPolicy()));

        var orders = provider.GetRequiredKeyedService<SlabCache<int>>("orders");

        Assert.That(provider.GetRequiredService<SlabCache<int>>(), Is.SameAs(orders));
        Assert.That(provider.GetRequiredKeyedService<SlabCache<int>>("invoices").Untyped.Discipline, Is.EqualTo(SlabDiscipline.Exclusive));
        Assert.That(provider.GetRequiredKeyedService<SlabCache>("pages").SizeBytes, Is.EqualTo(512));
        Assert.That(provider.GetRequiredService<SlabMemoryPool>().MaxBufferSize, Is.EqualTo(1024));
        Assert.That(provider.GetRequiredService<ObjectPool<System.Text.StringBuilder>>(), Is.SameAs(provider.GetRequiredKeyedService<SlabObjectPool<System.Text.StringBuilder>>("builders")));
    }

    [Test]
    public void A_runtime_that_only_its_caches_were_asked_for_ends_with_the_container_too()
    {
        var provider = Container(services => services.AddPoolRuntime(Small).AddCache<int>("orders"));
        var orders = provider.GetRequiredService<SlabCache<int>>();
        var handle = orders.Rent();

        provider.Dispose();

        Assert.Throws<ObjectDisposedException>(() => orders.Rent());
        Assert.That(orders.ValueOf(handle), Is.Zero, "what is out stays valid");
        orders.Return(handle);
    }

    [Test]
    public void Settings_come_from_configuration()
    {
        var configuration = Configuration(
            ("CapacityBytes", "16777216"), ("Backing", "PinnedArrays"), ("TrimInterval", "00:00:05"), ("Name", "shop"),
            ("CacheDefaults:ZeroOnFree", "true"), ("CacheDefaults:Debug", "RedZones, Poison"), ("CacheDefaults:ThreadCacheCapacity", "9"));
        using var provider = Container(services => services.AddPoolRuntime().Bind(configuration));

        var options = provider.GetRequiredService<PoolRuntime>().Options;

        Assert.That(options.CapacityBytes, Is.EqualTo(16 << 20));
        Assert.That(options.Backing, Is.EqualTo(MemoryBacking.PinnedArrays));
        Assert.That(options.TrimInterval, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(options.Name, Is.EqualTo("shop"));
        Assert.That(options.CacheDefaults.ZeroOnFree, Is.True);
        Assert.That(options.CacheDefaults.Debug, Is.EqualTo(SlabDebugOptions.RedZones | SlabDebugOptions.Poison));
        Assert.That(options.CacheDefaults.ThreadCacheCapacity, Is.EqualTo(9));
    }

    [TestCase("CapacityBytes", "1")]
    [TestCase("MaxOrder", "19")]
    [TestCase("TrimInterval", "00:00:00.001")]
    [TestCase("Backing", "7")]
    [TestCase("CacheDefaults:ThreadCacheCapacity", "70000")]
    [TestCase("CacheDefaults:EmptySlabsKept", "-1")]
    public void A_setting_out_of_range_ends_the_start_of_a_host(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddPoolRuntime().Bind(Configuration((key, value)));
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(key.Split(':')[^1]));
    }

    [TestCase("CapacityByte", "1048576")]
    [TestCase("CapacityBytes", "plenty")]
    public void A_setting_that_means_nothing_ends_it_too(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddPoolRuntime().Bind(Configuration((key, value)));
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.InvalidOperationException);
    }

    [Test]
    public void Kestrels_runtime_must_have_arrays()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddKestrelMemoryPool().Bind(Configuration(("Backing", "Native")));
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("PinnedArrays"));
    }

    [Test]
    public async Task A_generic_host_has_it_from_start_to_stop()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddPoolRuntime(Small).AddCache<long>("numbers");
        var host = builder.Build();
        await host.StartAsync();
        var runtime = host.Services.GetRequiredService<PoolRuntime>();
        await host.StopAsync();
        Assert.That(runtime.IsDisposed, Is.False);
        host.Dispose();
        Assert.That(runtime.IsDisposed, Is.True);
    }

    [Test]
    public void Every_option_has_its_setting_and_arrives()
    {
        AssertSame(typeof(PoolRuntimeOptions), typeof(PoolRuntimeSettings), except: [nameof(PoolRuntimeOptions.TimeProvider)]);
        AssertSame(typeof(SlabCacheOptions), typeof(SlabCacheSettings), except: [nameof(SlabCacheOptions.Name)]);

        Assert.That(new PoolRuntimeSettings().ToOptions(), Is.EqualTo(new PoolRuntimeOptions()), "the defaults");
        foreach (var property in typeof(PoolRuntimeSettings).GetProperties().Where(property => property.PropertyType != typeof(SlabCacheSettings)))
            AssertArrives(property, new PoolRuntimeSettings(), settings => settings.ToOptions());
        foreach (var property in typeof(SlabCacheSettings).GetProperties())
            AssertArrives(property, new SlabCacheSettings(), settings => settings.ToOptions());
    }

    [Test]
    public void Nonsense_is_refused()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentException>(() => services.AddPoolRuntime(" "));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().Bind(null!));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().Configure(null!));
        Assert.Throws<ArgumentException>(() => services.AddPoolRuntime().AddCache<int>(""));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddObjectPool<object>("objects", null!));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddPoolRuntime());
    }

    private static void Small(PoolRuntimeSettings settings) => settings.CapacityBytes = 8 << 20;

    private static ServiceProvider Container(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create<string, string?>(value.Key, value.Value))).Build();

    private static void AssertSame(Type options, Type settings, string[] except) =>
        Assert.That(settings.GetProperties().Select(property => property.Name), Is.EquivalentTo(options.GetProperties().Select(property => property.Name).Except(except)));

    private static void AssertArrives<TSettings>(PropertyInfo property, TSettings settings, Func<TSettings, object> toOptions)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object other = type == typeof(bool) ? !(bool)property.GetValue(settings)!
            : type == typeof(string) ? "other"
            : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(77)
            : type.IsEnum ? Enum.ToObject(type, 1)
            : Convert.ChangeType(77, type, System.Globalization.CultureInfo.InvariantCulture);
        property.SetValue(settings, other);
        var options = toOptions(settings);
        Assert.That(options.GetType().GetProperty(property.Name)!.GetValue(options), Is.EqualTo(other), property.Name);
    }
}
