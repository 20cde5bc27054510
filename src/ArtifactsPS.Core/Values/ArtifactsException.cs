namespace ArtifactsPS.Core.Values;

/// <summary>
/// Base of all failures that a user can act on. The message names the item, the problem and the remedy.
/// </summary>
/// <param name="message">Complete sentences with the item, the problem and the remedy.</param>
/// <param name="target">Item that the failure is about, as the user named it; null for none.</param>
/// <param name="inner">Cause of the failure; null for none.</param>
public abstract class ArtifactsException(string message, object? target, Exception? inner = null)
    : Exception(DisplayText.Of(message), inner)
{
    /// <summary>Identifies this kind of failure in scripts. Unique, stable, and listed in <c>about_Artifacts</c>.</summary>
    public abstract string ErrorId { get; }

    public abstract ErrorKind Kind { get; }

    /// <summary>Item that the failure is about, as the user named it; null for none.</summary>
    public object? Target { get; } = target;

    /// <summary>Whether the user's item may contain a secret, and must not be shown as the error's target.</summary>
    public virtual bool HidesItem => false;
}
