namespace ArtifactsPS.Core.Values;

/// <summary>
/// Base of every failure that a user can act on. The message names the item, what is wrong with it, and what to do.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="target">The item that the failure is about, as the user named it; null for none.</param>
/// <param name="inner">The failure behind it; null for none.</param>
public abstract class ArtifactsException(string message, object? target, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Identifies this kind of failure in scripts. Unique, stable, and listed in <c>about_Artifacts</c>.</summary>
    public abstract string ErrorId { get; }

    public abstract ErrorKind Kind { get; }

    /// <summary>The item that the failure is about, as the user named it; null for none.</summary>
    public object? Target { get; } = target;

    /// <summary>Whether the item given by the user may hold a secret, and must not be shown as the error's target.</summary>
    public virtual bool HidesItem => false;
}
