using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Name of an alias: up to 128 characters without <c>/</c>, <c>:</c> and <c>@</c>, control characters, and white space at
/// an end. It can't look like a version's number, such as <c>v3</c>.
/// </summary>
public sealed class AliasName : CaseInsensitiveName
{
    private AliasName(string text)
        : base(text) { }

    /// <summary>The alias that every publish moves to the published version.</summary>
    public static AliasName Latest { get; } = new("latest");

    public bool IsLatest => this == Latest;

    /// <exception cref="InvalidArtifactAliasException">The text can't be an alias.</exception>
    public static AliasName Parse(string text) =>
        Fault(text) is { } fault ? throw new InvalidArtifactAliasException(text, fault) : new AliasName(text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AliasName? alias)
    {
        alias = text is not null && Fault(text) is null ? new AliasName(text) : null;
        return alias is not null;
    }

    /// <summary>Whether a text has the form of a version's number, <c>v3</c> or <c>V3</c>.</summary>
    internal static bool IsVersionNumber(string text) =>
        text.Length > 1 && text[0] is 'v' or 'V' && text.Skip(1).All(c => c is >= '0' and <= '9');

    private static string? Fault(string text) =>
        FaultOfLabel(text) ?? (IsVersionNumber(text) ? "It has the form of a version number; use another name" : null);
}

/// <summary>The text can't be an alias.</summary>
public sealed class InvalidArtifactAliasException(string alias, string fault)
    : ArtifactsException($"Invalid alias '{alias}'. {fault}.", alias)
{
    public override string ErrorId => "InvalidArtifactAlias";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
