using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>Holds what a cache or pool was registered with against its ranges, when the host starts and before its runtime is made.</summary>
/// <param name="runtimeName">The name of the runtime that it will be made on.</param>
/// <param name="registered">Its own.</param>
/// <param name="check">Throws what making it would throw.</param>
internal sealed class PoolRegistrationValidator(string runtimeName, string registered, Action<PoolRuntimeOptions> check) : IValidateOptions<PoolRuntimeSettings>
{
    public ValidateOptionsResult Validate(string? name, PoolRuntimeSettings options)
    {
        if (name != runtimeName)
            return ValidateOptionsResult.Skip;
        try
        {
            check(options.ToOptions());
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // The latter: a key that no setting has, or a value that can't be read.
            return ValidateOptionsResult.Fail($"'{registered}': {exception.Message}");
        }
    }
}
