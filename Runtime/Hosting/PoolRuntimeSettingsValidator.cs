using FolioRuntime.Platform;
using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>Holds settings against the ranges of <see cref="PoolRuntimeOptions"/>, when the host starts and before a runtime is made.</summary>
internal sealed class PoolRuntimeSettingsValidator : IValidateOptions<PoolRuntimeSettings>
{
    public ValidateOptionsResult Validate(string? name, PoolRuntimeSettings options)
    {
        if (name == KestrelServiceExtensions.RuntimeName && options.Backing != MemoryBacking.PinnedArrays)
            return ValidateOptionsResult.Fail($"{nameof(options.Backing)} must be {nameof(MemoryBacking.PinnedArrays)} for Kestrel, which sends only from arrays.");
        try
        {
            var runtime = options.ToOptions();
            runtime.Validate();
            runtime.RequireValid(runtime.CacheDefaults);
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
