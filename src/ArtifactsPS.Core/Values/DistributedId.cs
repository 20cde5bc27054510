using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>Id that the writers of one version share. It is unique in an artifact, and often the name of a group of runs.</summary>
public sealed class DistributedId : KeyName
{
    private DistributedId(string text)
        : base(text) { }

    /// <exception cref="InvalidDistributedIdException">The text can't be a distributed id.</exception>
    public static DistributedId Parse(string text) =>
        Fault(text) is { } fault ? throw new InvalidDistributedIdException(text, fault) : new DistributedId(text);

    /// <summary>Parses an id as keys spell it, in lower case.</summary>
    internal static bool TryParseKey(string text, [NotNullWhen(true)] out DistributedId? id)
    {
        id = Fault(text) is null && KeyOf(text) == text ? new DistributedId(text) : null;
        return id is not null;
    }
}

/// <summary>A distributed id is invalid.</summary>
public sealed class InvalidDistributedIdException(string id, string fault)
    : ArtifactsException($"Invalid distributed id '{id}'. {fault}.", id)
{
    public override string ErrorId => "InvalidDistributedId";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
