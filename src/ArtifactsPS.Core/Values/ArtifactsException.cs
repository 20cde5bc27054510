namespace ArtifactsPS.Core.Values;

/// <summary>
/// What every failure that a user can act on derives from. The message says what happened to what, and what to do.
/// </summary>
public abstract class ArtifactsException(string message, object? target, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The item that the failure is about, as the user named it.</summary>
    public object? Target { get; } = target;
}
