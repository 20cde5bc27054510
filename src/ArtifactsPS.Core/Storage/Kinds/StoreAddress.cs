using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The location of a store that isn't a folder: <c>scheme://root/segment/…?option=value&amp;…</c>. It never holds a secret:
/// a text with one is refused.
/// </summary>
public sealed class StoreAddress
{
    private const string SchemeEnd = "://";
    private const int MaxLength = 2048;

    private readonly SortedDictionary<string, string> _options;

    // Null when no kind is installed for the scheme.
    private readonly StoreKindDescription? _kind;

    private StoreAddress(
        string scheme,
        string root,
        IReadOnlyList<string> segments,
        SortedDictionary<string, string> options,
        StoreKindDescription? kind
    ) => (Scheme, Root, Segments, _options, _kind) = (scheme, root, segments, options, kind);

    /// <summary>Scheme, in lower case, which decides the kind of store.</summary>
    public string Scheme { get; }

    /// <summary>The first part of the path, for example a bucket.</summary>
    public string Root { get; }

    /// <summary>The parts of the path after the root.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Options by name; names ignore case.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>Whether a text is such a location rather than a path.</summary>
    public static bool Is(string text) => text.IndexOf(SchemeEnd, StringComparison.Ordinal) > 0;

    /// <summary>Parses a location. The kinds of store that are installed with the module name their secrets.</summary>
    /// <exception cref="InvalidStoreLocationException">The location is invalid, or holds a secret.</exception>
    public static StoreAddress Parse(string text) => Parse(text, StoreKindLoader.OfModule);

    /// <inheritdoc cref="Parse(string)"/>
    internal static StoreAddress Parse(string text, StoreKindLoader kinds)
    {
        var end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        // The message repeats nothing of a text that can't be parsed: it might hold a secret anywhere.
        if (end <= 0 || !text.Take(end).All(IsSchemeLetter))
            throw new InvalidStoreLocationException("…", "give it in the form scheme://root/prefix");
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        var scheme = text.Substring(0, end).ToLowerInvariant();
#pragma warning restore CA1308
        var kind = kinds.Find(scheme);
        var rest = text.Substring(end + SchemeEnd.Length);
        var query = rest.IndexOf('?');
        var path = query < 0 ? rest : rest.Substring(0, query);
        var safe = $"{scheme}{SchemeEnd}{path.Substring(path.LastIndexOf('@') + 1)}";
        if (path.IndexOf('@') >= 0)
            throw StoreSecrets.Found(safe, "user info before the @", kind);
        if (text.Length > MaxLength)
            throw new InvalidStoreLocationException(safe, $"it is longer than {MaxLength} characters");
        if (path.IndexOf('#') >= 0)
            throw new InvalidStoreLocationException(safe, "'#' isn't allowed in it");
        var segments = path.TrimEnd('/').Split('/');
        foreach (var segment in segments)
            if (FaultOf(segment) is { } fault)
                throw new InvalidStoreLocationException(safe, fault);
        var options = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in query < 0 ? [] : Pairs(rest.Substring(query + 1)))
            Add(options, name, value, safe, kind);
        return new StoreAddress(scheme, segments[0], segments.Skip(1).ToList(), options, kind);
    }

    /// <summary>Returns the address with more options, which replace those of the same name.</summary>
    /// <exception cref="InvalidStoreLocationException">An option holds a secret, or is malformed.</exception>
    public StoreAddress With(IEnumerable<KeyValuePair<string, string>> options)
    {
        var all = new SortedDictionary<string, string>(_options, StringComparer.OrdinalIgnoreCase);
        foreach (var option in options)
        {
            all.Remove(option.Key);
            Add(all, option.Key, option.Value, Place, _kind);
        }
        return new StoreAddress(Scheme, Root, Segments, all, _kind);
    }

    /// <summary>Prefix of all keys: the segments after the first few, each followed by <c>/</c>.</summary>
    /// <param name="segments">Number of segments to leave out.</param>
    public string PrefixAfter(int segments) => string.Concat(Segments.Skip(segments).Select(segment => segment + "/"));

    /// <summary>Value of an option; null when it isn't given.</summary>
    public string? TextOf(string option) => _options.TryGetValue(option, out var text) ? text : null;

    /// <summary>Value of an option that is a whole number; null when it isn't given, or isn't a number.</summary>
    public int? NumberOf(string option) =>
        int.TryParse(TextOf(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Value of an option that is true or false; null when it isn't given.</summary>
    /// <exception cref="InvalidStoreLocationException">The value is neither.</exception>
    public bool? FlagOf(string option) =>
        TextOf(option) is not { } text ? null
        : bool.TryParse(text, out var flag) ? flag
        : throw Invalid($"option '{option}' must be true or false");

    /// <summary>Value of an option that is the address of a server; null when it isn't given.</summary>
    /// <exception cref="InvalidStoreLocationException">The value isn't such an address.</exception>
    public Uri? ServerOf(string option)
    {
        if (TextOf(option) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Invalid($"option '{option}' must be the http:// or https:// address of a server");
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw StoreSecrets.Found(Place, $"more than an address in '{option}'", _kind);
        return uri;
    }

    /// <summary>Checks that all options are among the known ones.</summary>
    /// <exception cref="InvalidStoreLocationException">An option is unknown; the message lists the known ones.</exception>
    internal void CheckOptions(IReadOnlyCollection<string> known)
    {
        var unknown = _options.Keys.Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        if (unknown is not null)
            throw Invalid(
                known.Count == 0
                    ? $"unknown option '{unknown}'. '{Scheme}://' takes no options"
                    : $"unknown option '{unknown}'. Use {string.Join(", ", known)}"
            );
    }

    /// <summary>Creates an error about this address.</summary>
    /// <param name="what">What is wrong or needed, without a full stop.</param>
    public InvalidStoreLocationException Invalid(string what) => new(Place, what);

    /// <summary>The location as text, with options sorted by name.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Place);
        var separator = '?';
        foreach (var option in _options)
        {
            text.Append(separator).Append(Escape(option.Key)).Append('=').Append(Escape(option.Value));
            separator = '&';
        }
        return text.ToString();
    }

    private string Place => string.Join("/", Segments.Prepend(Scheme + SchemeEnd + Root));

    // Allows the characters that keys of services, URLs and PowerShell all leave unescaped.
    private static string? FaultOf(string segment) =>
        segment.Length == 0 ? "a part of it is empty"
        : segment is "." or ".." ? $"'{segment}' isn't allowed as a part of it"
        : segment[segment.Length - 1] == '.' ? "a part of it ends in a dot"
        : segment.FirstOrDefault(c => !IsSegmentLetter(c)) is var wrong and not '\0'
            ? $"'{wrong}' isn't allowed in it. Use ASCII letters, digits, '_', '-' and '.'"
        : null;

    private static bool IsSegmentLetter(char c) => IsSchemeLetter(c) || c is '_' or '-' or '.';

    private static bool IsSchemeLetter(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';

    private static IEnumerable<(string Name, string Value)> Pairs(string query)
    {
        foreach (var pair in query.Split('&'))
        {
            if (pair.Length == 0)
                continue;
            var equals = pair.IndexOf('=');
            yield return equals < 0
                ? (Uri.UnescapeDataString(pair), "")
                : (
                    Uri.UnescapeDataString(pair.Substring(0, equals)),
                    Uri.UnescapeDataString(pair.Substring(equals + 1))
                );
        }
    }

    private static void Add(
        SortedDictionary<string, string> options,
        string name,
        string value,
        string safe,
        StoreKindDescription? kind
    )
    {
        if (StoreSecrets.IsSecret(name, kind))
            throw StoreSecrets.Found(safe, $"'{name}'", kind);
        // The messages below show the name.
        if (name.Length is 0 or > 64 || !name.All(IsSegmentLetter))
            throw new InvalidStoreLocationException(safe, "give options in the form ?name=value&name=value");
        if (value.Any(char.IsControl))
            throw new InvalidStoreLocationException(safe, $"option '{name}' has a control character");
        if (options.ContainsKey(name))
            throw new InvalidStoreLocationException(safe, $"option '{name}' is given twice");
        options.Add(name, value);
    }

    // Leaves : and / readable, which a URL would escape here.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            if (IsSegmentLetter(c) || c is ':' or '/')
                escaped.Append(c);
            else
                escaped.Append(Uri.EscapeDataString(c.ToString()));
        return escaped.ToString();
    }
}
