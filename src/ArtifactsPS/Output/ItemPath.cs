using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Output;

/// <summary>Path of an object for the cmdlets of providers, such as <c>Get-Content</c>. Without it, they would convert the object
/// to text, and read or remove a local file of that name. Objects that no drive shows have a path that doesn't exist.</summary>
internal static class ItemPath
{
    private const string Provider = "Artifact::";
    private const char RootMark = '@';
    private const char NoItemMark = '~';

    /// <summary>Kind of a store.</summary>
    public const string Store = "store";

    private static readonly string StoreText = TextOf(Store, "");

    /// <summary>Root of all paths in a store. It begins with a character that no artifact's name begins with, because PowerShell
    /// removes a leading root from paths. It contains no separator and no wildcard.</summary>
    public static string RootOf(string store) => RootMark + Uri.EscapeDataString(store);

    /// <summary>Returns the location of the store with a root.</summary>
    /// <returns>False if the text is not a root.</returns>
    public static bool TryGetStore(string root, [NotNullWhen(true)] out string? store)
    {
        store = root.Length > 1 && root[0] == RootMark ? Uri.UnescapeDataString(root.Substring(1)) : null;
        return store is not null;
    }

    /// <summary>Returns the path of an item of a drive.</summary>
    /// <param name="artifact">Name of an artifact or draft, or a version such as <c>mnist:v3</c>; empty for the store.</param>
    /// <param name="path">Path within the version; empty for the version itself.</param>
    public static string Of(string store, string artifact = "", string path = "")
    {
        // Entries of a draft have no version.
        if (path.Length > 0 && artifact.IndexOf(':') < 0)
            return OfNone("draft", artifact + "/" + path);
        var names = new[] { RootOf(store), artifact.Replace(':', '/'), path }.Where(name => name.Length > 0);
        return Provider + Separated(string.Join("/", names));
    }

    /// <summary>Returns the path of an object that is no item of a drive.</summary>
    /// <param name="kind">Kind of the object.</param>
    public static string OfNone(string kind, string name) => Provider + Separated($"{NoItemMark}{kind}/{name}");

    /// <summary>Text of an object that cmdlets of providers may get as an argument, and would take as a path. No drive can have such a
    /// name, so that it is not the path of a file.</summary>
    /// <param name="kind">Kind of the object.</param>
    public static string TextOf(string kind, string name) => $"{NoItemMark}{kind}:{name}";

    /// <summary>Returns the name or location in the text of a store. Other texts are returned as they are.</summary>
    public static string? StoreIn(string? text) =>
        text?.StartsWith(StoreText, StringComparison.Ordinal) == true ? text.Substring(StoreText.Length) : text;

    private static string Separated(string path) => path.Replace('/', Path.DirectorySeparatorChar);
}
