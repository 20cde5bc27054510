using System.Collections.Concurrent;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>Sources of targets for schemes, which the user has registered. Safe for concurrent callers.</summary>
public sealed class ReferenceHandlers
{
    private readonly ConcurrentDictionary<string, IReferenceSource> _sources = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Registers the source of a scheme. It replaces an earlier one, and the module's own source.</summary>
    /// <exception cref="InvalidReferenceException">The text is not a scheme, or is <c>file</c>.</exception>
    public void Register(string scheme, IReferenceSource source)
    {
        if (!ReferenceUri.IsScheme(scheme) || scheme.Equals("file", StringComparison.OrdinalIgnoreCase))
            throw new InvalidReferenceException(
                scheme,
                "Use a scheme of at least two letters, digits, '+', '-' and '.', other than 'file'"
            );
        _sources[scheme] = source;
    }

    /// <summary>Finds the source of a scheme; null if none is registered.</summary>
    public IReferenceSource? Find(string scheme) => _sources.TryGetValue(scheme, out var source) ? source : null;
}
