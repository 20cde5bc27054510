using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace ArtifactsPS.Commands.Runs;

/// <summary>
/// Collects the errors that a cmdlet's pipeline writes to its error stream, while they pass. PowerShell has no public way to do so:
/// -ErrorVariable and $Error also have errors that were caught or silenced, and redirecting the stream to the output would change
/// how native commands write. Where the members that this uses are missing, no errors are collected.
/// </summary>
internal sealed class ErrorStreamReader : IDisposable
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private readonly object _runtime;
    private readonly PropertyInfo? _property;
    private readonly object? _original;

    private ErrorStreamReader(ICommandRuntime runtime, Action<ErrorRecord> onError)
    {
        _runtime = runtime;
        var property = runtime.GetType().GetProperty("ErrorOutputPipe", Members);
        var type = property?.PropertyType;
        var add = type?.GetMethod("Add", Members, binder: null, [typeof(object)], modifiers: null);
        var create = type?.GetConstructor(Members, binder: null, [typeof(Collection<PSObject>)], modifiers: null);
        if (property?.GetValue(runtime) is not { } original || add is null || create is null)
            return;
        var forward = (Action<object>)Delegate.CreateDelegate(typeof(Action<object>), original, add);
        property.SetValue(runtime, create.Invoke([new Observer(onError, forward)]));
        (_property, _original) = (property, original);
    }

    /// <summary>Starts reading. Disposing the reader ends it.</summary>
    /// <param name="onError">Receives each error, on the pipeline thread.</param>
    public static ErrorStreamReader Start(ICommandRuntime runtime, Action<ErrorRecord> onError) =>
        new(runtime, onError);

    public void Dispose() => _property?.SetValue(_runtime, _original);

    /// <summary>Passes each item on, and stays empty.</summary>
    private sealed class Observer(Action<ErrorRecord> onError, Action<object> forward) : Collection<PSObject>
    {
        private const string NativeErrorId = "NativeCommandError";

        protected override void InsertItem(int index, PSObject item)
        {
            // Native commands write progress to their error stream, too.
            if (
                item?.BaseObject is ErrorRecord error
                && !error.FullyQualifiedErrorId.StartsWith(NativeErrorId, StringComparison.Ordinal)
            )
                onError(error);
            forward(item!);
        }
    }
}
