using Microsoft.Extensions.Time.Testing;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>A runtime for each test whose clock and signs of pressure are the test's own.</summary>
public abstract class ReclaimFixture(int generationBits) : RuntimeFixture(generationBits)
{
    private protected static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private protected FakeTimeProvider Time { get; private set; } = null!;

    private protected FakePressure Pressure { get; private set; } = null!;

    protected override PoolRuntimeOptions Options
    {
        get
        {
            Time = new FakeTimeProvider();
            Pressure = new FakePressure();
            return base.Options with { TrimInterval = s_interval, TimeProvider = Time, MemoryPressure = Pressure };
        }
    }
}
