using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The location of a store on a service: <c>scheme://root/segment/…?option=value&amp;…</c>. Never holds a secret: a text
/// with one is refused.
/// </summary>
public sealed class StoreAddress
{
    private const string SchemeEnd = "://";
    private const int MaxLength = 2048;

    private readonly SortedDictionary<string, string> _options;

    private StoreAddress(
        string scheme,
        string root,
        IReadOnlyList<string> segments,
        SortedDictionary<string, string> options
    ) => (Scheme, Root, Segments, _options) = (scheme, root, segments, options);

    /// <summary>Which kind of store, in lower case: <c>s3</c>.</summary>
    public string Scheme { get; }

    /// <summary>What comes first: the bucket, or the account.</summary>
    public string Root { get; }

    /// <summary>What follows the root.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>What the kind of store is told besides, by name; names ignore case.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>Whether a text is such a location rather than a path.</summary>
    public static bool Is(string text) => text.IndexOf(SchemeEnd, StringComparison.Ordinal) > 0;

    /// <summary>Reads a location.</summary>
    /// <exception cref="InvalidStoreLocationException">It is none, or holds a secret.</exception>
    public static StoreAddress Parse(string text)
    {
        var end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        // Nothing is told of a text that can't be read: it might hold a secret anywhere.
        if (end <= 0 || !text.Take(end).All(IsSchemeLetter))
            throw new InvalidStoreLocationException("…", "it has the form scheme://root/prefix");
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        var scheme = text.Substring(0, end).ToLowerInvariant();
#pragma warning restore CA1308
        var rest = text.Substring(end + SchemeEnd.Length);
        var query = rest.IndexOf('?');
        var path = query < 0 ? rest : rest.Substring(0, query);
        var safe = $"{scheme}{SchemeEnd}{path.Substring(path.LastIndexOf('@') + 1)}";
        if (path.IndexOf('@') >= 0)
            throw StoreSecrets.Found(safe, "user info before the @");
        if (text.Length > MaxLength)
            throw new InvalidStoreLocationException(safe, $"it is longer than {MaxLength} characters");
        if (path.IndexOf('#') >= 0)
            throw new InvalidStoreLocationException(safe, "a # can't be part of it");
        var segments = path.TrimEnd('/').Split('/');
        foreach (var segment in segments)
            if (FaultOf(segment) is { } fault)
                throw new InvalidStoreLocationException(safe, fault);
        var options = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in query < 0 ? [] : Pairs(rest.Substring(query + 1)))
            Add(options, name, value, safe);
        return new StoreAddress(scheme, segments[0], segments.Skip(1).ToList(), options);
    }

    /// <summary>The same address with more options; these have precedence.</summary>
    /// <exception cref="InvalidStoreLocationException">One holds a secret.</exception>
    public StoreAddress With(IEnumerable<KeyValuePair<string, string>> options)
    {
        var all = new SortedDictionary<string, string>(_options, StringComparer.OrdinalIgnoreCase);
        foreach (var option in options)
        {
            all.Remove(option.Key);
            Add(all, option.Key, option.Value, Place);
        }
        return new StoreAddress(Scheme, Root, Segments, all);
    }

    /// <summary>The folder prefix of all keys: what is left after some segments, empty or ending in <c>/</c>.</summary>
    /// <param name="segments">How many segments have another meaning.</param>
    public string PrefixAfter(int segments) => string.Concat(Segments.Skip(segments).Select(segment => segment + "/"));

    /// <summary>An option that is a whole number; null if it isn't given.</summary>
    /// <exception cref="InvalidStoreLocationException">It is no number, or out of range.</exception>
    public int? NumberOf(string option, int least, int most) =>
        !_options.TryGetValue(option, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
        : throw Invalid($"option '{option}' is a whole number from {least} to {most}");

    /// <summary>An option that is true or false; null if it isn't given.</summary>
    /// <exception cref="InvalidStoreLocationException">It is neither.</exception>
    public bool? FlagOf(string option) =>
        !_options.TryGetValue(option, out var text) ? null
        : bool.TryParse(text, out var flag) ? flag
        : throw Invalid($"option '{option}' is true or false");

    /// <summary>An option that is the address of a server; null if it isn't given.</summary>
    /// <exception cref="InvalidStoreLocationException">It is none.</exception>
    public Uri? ServerOf(string option)
    {
        if (!_options.TryGetValue(option, out var text))
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw Invalid($"option '{option}' is the http:// or https:// address of a server");
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw StoreSecrets.Found(Place, $"more than an address in '{option}'");
        return uri;
    }

    /// <summary>Checks that a kind of store knows all options.</summary>
    /// <exception cref="InvalidStoreLocationException">It doesn't.</exception>
    public void CheckOptions(IReadOnlyCollection<string> known)
    {
        var unknown = _options.Keys.Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        if (unknown is not null)
            throw Invalid($"there is no option '{unknown}'; there are {string.Join(", ", known)}");
    }

    /// <summary>An error about this address.</summary>
    /// <param name="what">What is wrong or needed, without a full stop.</param>
    public InvalidStoreLocationException Invalid(string what) => new(Place, what);

    /// <summary>The location as it is written: options sorted by name.</summary>
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

    // What a bucket's keys, a URL and PowerShell all leave alone.
    private static string? FaultOf(string segment) =>
        segment.Length == 0 ? "a part of it is empty"
        : segment is "." or ".." ? $"'{segment}' can't be a part of it"
        : segment[segment.Length - 1] == '.' ? "no part of it may end in a dot"
        : segment.FirstOrDefault(c => !IsSegmentLetter(c)) is var wrong and not '\0'
            ? $"'{wrong}' can't be part of it: its parts are letters, digits and _ - . of ASCII"
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

    private static void Add(SortedDictionary<string, string> options, string name, string value, string safe)
    {
        if (StoreSecrets.IsSecret(name))
            throw StoreSecrets.Found(safe, $"'{name}'");
        // The name is shown, so it had better be one.
        if (name.Length is 0 or > 64 || !name.All(IsSegmentLetter))
            throw new InvalidStoreLocationException(safe, "its options have the form ?name=value&name=value");
        if (value.Any(char.IsControl))
            throw new InvalidStoreLocationException(safe, $"option '{name}' holds a control character");
        if (options.ContainsKey(name))
            throw new InvalidStoreLocationException(safe, $"option '{name}' is given twice");
        options.Add(name, value);
    }

    // Most of what a URL would escape is left readable.
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
