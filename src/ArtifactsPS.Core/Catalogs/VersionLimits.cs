using System.Text;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Limits of a version's description, metadata, tags and aliases. They are checked when a value is given, so that an accepted
/// value can be committed in every kind of record, and read again.
/// </summary>
public static class VersionLimits
{
    /// <summary>Maximum length of metadata as JSON, in bytes.</summary>
    public const int MetadataLength = 1 << 20;

    /// <summary>Maximum depth of nested objects and lists in metadata. Records may nest metadata 3 levels deep, and have at most
    /// 64 levels.</summary>
    public const int MetadataDepth = 60;

    /// <summary>Maximum length of a description, in bytes of UTF-8.</summary>
    public const int DescriptionLength = 256 << 10;

    /// <summary>Maximum number of tags of a version.</summary>
    public const int Tags = 1_000;

    /// <summary>Maximum number of aliases that one command sets.</summary>
    public const int Aliases = 1_000;

    /// <summary>Checks metadata.</summary>
    /// <exception cref="MetadataTooLargeException">It is too long, or nested too deep.</exception>
    public static JObject? CheckMetadata(JObject? metadata)
    {
        if (metadata is null)
            return null;
        CheckDepth(metadata);
        using var counter = new ByteCounter();
        using var json = new JsonTextWriter(counter) { Formatting = Formatting.None };
        metadata.WriteTo(json);
        return metadata;
    }

    /// <summary>Length of valid metadata as JSON, in bytes. Metadata merged from several parts is at most as long as the parts
    /// together.</summary>
    internal static int LengthOf(JObject? metadata) =>
        metadata is null ? 0 : Encoding.UTF8.GetByteCount(metadata.ToString(Formatting.None));

    /// <summary>Checks a description.</summary>
    /// <exception cref="MetadataTooLargeException">It is too long.</exception>
    public static string? CheckDescription(string? description) =>
        description is not null && Encoding.UTF8.GetByteCount(description) > DescriptionLength
            ? throw new MetadataTooLargeException(
                "The description",
                $"is longer than {DescriptionLength >> 10} KiB. Add a long text as a file"
            )
            : description;

    /// <summary>Checks the tags that a version would have.</summary>
    /// <exception cref="MetadataTooLargeException">There are too many.</exception>
    public static void CheckTags(IEnumerable<TagName> tags)
    {
        if (tags.Distinct().Count() > Tags)
            throw new MetadataTooLargeException("The version", $"would have more than {Tags:N0} tags. Use fewer tags");
    }

    /// <summary>Checks the tags that an artifact would have.</summary>
    /// <exception cref="MetadataTooLargeException">There are too many.</exception>
    internal static void CheckArtifactTags(IReadOnlyCollection<TagName> tags)
    {
        if (tags.Count > Tags)
            throw new MetadataTooLargeException("The artifact", $"would have more than {Tags:N0} tags. Use fewer tags");
    }

    /// <summary>Checks the number of aliases to set at once.</summary>
    /// <exception cref="MetadataTooLargeException">There are too many.</exception>
    public static void CheckAliases(IReadOnlyCollection<AliasName> aliases)
    {
        if (aliases.Count > Aliases)
            throw new MetadataTooLargeException(
                "The command",
                $"sets more than {Aliases:N0} aliases. Set them with several commands"
            );
    }

    /// <summary>Checks a change of a version.</summary>
    /// <exception cref="MetadataTooLargeException">The description or the metadata is too large.</exception>
    internal static void Check(EditAction edit)
    {
        CheckDescription(edit.Description);
        CheckMetadata(edit.Metadata);
        CheckTags(edit.AddTags);
    }

    // Not recursive: the depth is not limited yet.
    private static void CheckDepth(JObject metadata)
    {
        var pending = new Stack<(JContainer Container, int Depth)>();
        pending.Push((metadata, 1));
        while (pending.Count > 0)
        {
            var (container, depth) = pending.Pop();
            if (depth > MetadataDepth)
                throw new MetadataTooLargeException(
                    "The metadata",
                    $"is nested more than {MetadataDepth} levels deep. Use fewer levels"
                );
            foreach (var child in container.Children())
                if ((child is JProperty property ? property.Value : child) is JContainer inner)
                    pending.Push((inner, depth + 1));
        }
    }

    // Ends writing at the limit, so that no text of any length is in memory.
    private sealed class ByteCounter : TextWriter
    {
        private readonly char[] _one = new char[1];
        private long _count;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            _one[0] = value;
            Write(_one, 0, 1);
        }

        public override void Write(string? value) => Write((value ?? "").ToCharArray(), 0, value?.Length ?? 0);

        public override void Write(char[] buffer, int index, int count)
        {
            _count += Encoding.GetByteCount(buffer, index, count);
            if (_count > MetadataLength)
                throw new MetadataTooLargeException(
                    "The metadata",
                    $"is longer than {MetadataLength >> 20} MiB as JSON. Add large data as a file"
                );
        }
    }
}

/// <summary>Metadata, a description, or a number of tags or aliases exceeds its limit.</summary>
/// <param name="subject">Subject of the sentence, such as <c>The metadata</c>.</param>
/// <param name="fault">Predicate and advice, without a full stop.</param>
public sealed class MetadataTooLargeException(string subject, string fault)
    : ArtifactsException($"{subject} {fault}.", null)
{
    public override string ErrorId => "MetadataTooLarge";

    public override ErrorKind Kind => ErrorKind.LimitsExceeded;
}
