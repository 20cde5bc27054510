using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Random text is either accepted unchanged or refused with a documented error.</summary>
public sealed class HostileTextProperties
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "root"));

    [Property(MaxTest = 500)]
    public Property Path_stays_below_the_destination() =>
        Prop.ForAll(
            HostileTexts.All,
            text =>
            {
                if (!EntryPath.TryParse(text, out var path))
                {
                    Assert.Throws<InvalidEntryPathException>(() => EntryPath.Parse(text));
                    return;
                }
                Assert.StartsWith(
                    Root + Path.DirectorySeparatorChar,
                    Path.GetFullPath(Path.Combine(Root, path.ToString())),
                    StringComparison.Ordinal
                );
                // The stored form has the same characters.
                Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(path.ToString())));
                Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, EntryPath.MaxLength);
            }
        );

    [Property(MaxTest = 500)]
    public Property Formatted_reference_parses_equal() =>
        Prop.ForAll(
            HostileTexts.All,
            text =>
            {
                var error = Record.Exception(() =>
                {
                    var reference = ArtifactReference.Parse(text);
                    Assert.Equal(reference.ToString(), ArtifactReference.Parse(reference.ToString()).ToString());
                    Assert.True(ArtifactName.TryParse(reference.Name.ToString(), out _));
                });
                Assert.True(
                    error is null or InvalidArtifactNameException or InvalidArtifactAliasException,
                    error?.ToString()
                );
            }
        );

    [Property(MaxTest = 500)]
    public Property Valid_name_is_a_single_path_segment() =>
        Prop.ForAll(
            HostileTexts.All,
            text =>
            {
                if (Record.Exception(() => ArtifactName.Parse(text)) is { } error)
                {
                    Assert.IsType<InvalidArtifactNameException>(error);
                    return;
                }
                Assert.Equal(text, Path.GetFileName(text));
                Assert.Equal(Path.Combine(Root, text), Path.GetFullPath(Path.Combine(Root, text)));
            }
        );

    [Property(MaxTest = 500)]
    public Property Types_aliases_and_tags_fail_with_documented_errors() =>
        Prop.ForAll(
            HostileTexts.All,
            text =>
            {
                Check<InvalidArtifactTypeException>(() => TypeName.Parse(text));
                Check<InvalidArtifactTagException>(() => TagName.Parse(text));
                Check<InvalidArtifactAliasException>(() => AliasName.Parse(text));
                Assert.False(Digest.TryParse(text, out _));
                StoreRegistry.IsName(text);
            }
        );

    [Property(MaxTest = 500)]
    public Property URI_is_unchanged_or_refused_without_password() =>
        Prop.ForAll(
            HostileTexts.All,
            text =>
            {
                try
                {
                    Assert.Equal(text, ManifestEntry.Reference(EntryPath.Parse("a"), text, null, null).Uri);
                    Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
                    ReferencedFile.PathOf(text);
                }
                catch (InvalidReferenceException e)
                {
                    Assert.Equal(ReferenceUri.Redact(text), e.Target);
                }
            }
        );

    private static void Check<T>(Func<object> check)
        where T : ArtifactsException
    {
        if (Record.Exception(check) is { } error)
            Assert.IsType<T>(error);
    }
}
