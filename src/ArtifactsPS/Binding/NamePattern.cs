using System.Management.Automation;

namespace ArtifactsPS.Binding;

/// <summary>Case-insensitive wildcard patterns for names, aliases, tags, types, groups and files.</summary>
internal static class NamePattern
{
    public static WildcardPattern Of(string text) =>
        new(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
