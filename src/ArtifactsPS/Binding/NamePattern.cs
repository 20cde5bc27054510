using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Case-insensitive wildcard patterns for names, aliases, tags, types, groups and files.</summary>
internal static class NamePattern
{
    public static WildcardPattern Of(string text) =>
        new(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);

    /// <summary>Condition that a name matches one of several patterns; null without patterns.</summary>
    public static Func<CaseInsensitiveName, bool>? AnyOf(string[] patterns)
    {
        if (patterns.Length == 0)
            return null;
        var any = patterns.Select(Of).ToList();
        return name => any.Exists(pattern => pattern.IsMatch(name.ToString()));
    }
}
