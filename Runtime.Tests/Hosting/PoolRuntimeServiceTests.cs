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
    public void Pools_are_made_with_their_options_and_the_name_that_they_are_registered_by()
    {
        using var provider = Container(services => services.AddPoolRuntime(Small)
            .AddObjectPool(new DefaultPooledObjectPolicy<List<int>>(), new SlabObjectPoolOptions { Name = "lists", MaximumRetained = 1, IsBounded = true })
            .AddMemoryPool(new SlabMemoryPoolOptions { Name = "pipes", BlockSizes = [1024, 8192], LeakTag = "ours" })
            .AddFacadePool<Facade, long>(() => new Facade(), new SlabObjectPoolOptions { Name = "facades", MaximumRetained = 3 }));

        var lists = provider.GetRequiredService<SlabObjectPool<List<int>>>();
        lists.Get();
        Assert.That(lists.TryGet(out _), Is.False);
        Assert.That(lists.Statistics().Name, Is.EqualTo("lists"));
        Assert.That(provider.GetRequiredService<SlabMemoryPool>().Caches.Select(cache => cache.Name), Is.EqualTo((string[])["pipes-1024", "pipes-8192"]));
        var facades = provider.GetRequiredKeyedService<SlabFacadePool<Facade, long>>("facades");
        Assert.That(provider.GetRequiredKeyedService<ObjectPool<Facade>>("facades"), Is.SameAs(facades));
        Assert.That((facades.Statistics().Name, facades.Statistics().MaximumRetained), Is.EqualTo(("facades", 3)));
    }

    [Test]
    public void A_caches_settings_come_from_configuration_over_the_runtimes_defaults()
    {
        using var provider = Container(services => services
            .AddPoolRuntime(settings =>
            {
                Small(settings);
                settings.CacheDefaults.LeakTag = "shop";
                settings.CacheDefaults.AlignmentBytes = 16;
            })
            .AddCache<int>(Section("orders", ("Discipline", "Exclusive"), ("AlignmentBytes", "64")))
            .AddByteCache(Section("pages", ("AlignmentBytes", "128"), ("LeakSampleInterval", "1"), ("LeakAgeLimit", "00:00:00.0000001")), 100));

        var orders = provider.GetRequiredService<SlabCache<int>>().Untyped;
        Assert.That(orders.Discipline, Is.EqualTo(SlabDiscipline.Exclusive));
        Assert.That(orders.Layout.StrideBytes, Is.EqualTo(64));
        var pages = provider.GetRequiredService<SlabCache>();
        Assert.That(pages.Layout.StrideBytes, Is.EqualTo(128));
        pages.Rent();
        Assert.That(provider.GetRequiredService<PoolRuntime>().FindLeaks().Leaks.Single().Tag, Is.EqualTo("shop"));
    }

    private static IEnumerable<TestCaseData> WrongRegistrations()
    {
        yield return Wrong("size 0", builder => builder.AddByteCache("wrong", 0));
        yield return Wrong("size 3 MiB", builder => builder.AddByteCache("wrong", 3 << 20));
        yield return Wrong("alignment 3", builder => builder.AddByteCache("wrong", 64, new SlabCacheOptions { AlignmentBytes = 3 }));
        yield return Wrong("alignment 3, configured", builder => builder.AddByteCache(Section("wrong", ("AlignmentBytes", "3")), 64));
        yield return Wrong("order 40", builder => builder.AddCache<int>("wrong", new SlabCacheOptions { SlabOrder = 40 }));
        yield return Wrong("order 40, configured", builder => builder.AddCache<int>(Section("wrong", ("SlabOrder", "40"))));
        yield return Wrong("no such key", builder => builder.AddCache<int>(Section("wrong", ("Alignment", "8"))));
        yield return Wrong("no number", builder => builder.AddCache<int>(Section("wrong", ("AlignmentBytes", "wide"))));
        yield return Wrong("block 0", builder => builder.AddMemoryPool("wrong", 0));
        yield return Wrong("no block", builder => builder.AddMemoryPool(new SlabMemoryPoolOptions { Name = "wrong", BlockSizes = [] }));
        yield return Wrong("largest below block", builder => builder.AddMemoryPool(new SlabMemoryPoolOptions { Name = "wrong", MaxBufferSize = 1 }));
        yield return Wrong("nothing retained and bounded", builder =>
            builder.AddObjectPool(new DefaultPooledObjectPolicy<object>(), new SlabObjectPoolOptions { Name = "wrong", MaximumRetained = 0, IsBounded = true }));
        yield return Wrong("age without sample", builder => builder.AddFacadePool<Facade, long>(() => new Facade(), new SlabObjectPoolOptions { Name = "wrong", LeakAgeLimit = TimeSpan.FromSeconds(1) }));

        static TestCaseData Wrong(string what, Action<PoolRuntimeBuilder> register) => new TestCaseData(register).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(WrongRegistrations))]
    public void What_is_wrong_with_a_cache_or_pool_ends_the_start_of_a_host(Action<PoolRuntimeBuilder> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        register(builder.Services.AddPoolRuntime("one").Configure(Small));
        builder.Services.AddPoolRuntime("other").Configure(Small);
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("'wrong'"));
        Assert.That(host.Services.GetRequiredKeyedService<PoolRuntime>("other").IsDisposed, Is.False, "that one has no part in it");
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
        {
            AssertArrives(property, new SlabCacheSettings(), settings => settings.ToOptions());
            AssertArrives(property, new SlabCacheSettings(), settings => SlabCacheSettings.Of(settings.ToOptions()));
        }
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
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddObjectPool(new DefaultPooledObjectPolicy<object>(), null!));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddMemoryPool(null!));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddFacadePool<Facade, long>(null!, new SlabObjectPoolOptions()));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddCache<int>((IConfigurationSection)null!));
        Assert.Throws<ArgumentNullException>(() => services.AddPoolRuntime().AddByteCache(null!, 8));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddPoolRuntime());
    }

    private sealed class Facade : SlabFacade<long>;

    private static void Small(PoolRuntimeSettings settings) => settings.CapacityBytes = 8 << 20;

    private static ServiceProvider Container(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static IConfigurationSection Section(string name, params (string Key, string Value)[] values) =>
        Configuration([.. values.Select(value => ($"Caches:{name}:{value.Key}", value.Value))]).GetSection($"Caches:{name}");

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
