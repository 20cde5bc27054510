using System.Management.Automation;

namespace ArtifactsPS.Binding;

/// <summary>Wildcards for what ignores case: names, aliases, tags, types, groups, files of a tree.</summary>
internal static class NamePattern
{
    public static WildcardPattern Of(string text) =>
        new(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
