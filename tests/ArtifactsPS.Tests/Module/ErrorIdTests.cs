using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

public sealed partial class ErrorIdTests : SessionTests
{
    /// <summary>Ids of errors of the file system, which have no exception type of the module.</summary>
    private static readonly string[] FileIds = ["FileNotFound", "FileAccessDenied", "FileUnreadable"];

    [Fact]
    public void Error_ids_are_unique()
    {
        var duplicates = Ids().CountBy(id => id).Where(count => count.Value > 1).Select(count => count.Key);

        Assert.Empty(duplicates);
    }

    [Fact]
    public void Error_ids_are_pascal_case_without_Exception() =>
        Assert.All(
            Ids(),
            id =>
            {
                Assert.Matches(PascalCase(), id);
                Assert.DoesNotContain("Exception", id, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void About_topic_lists_each_error_id()
    {
        var topic = File.ReadAllText(Path.Combine(Suite.RepositoryRoot, "docs", "en-US", "about_Artifacts.help.txt"))
            .ReplaceLineEndings("\n");
        var section = Section().Match(topic).Value;
        var listed = Items().Matches(section).SelectMany(line => Words().Matches(line.Value));

        Assert.Equal(
            Ids().Order(StringComparer.Ordinal),
            listed.Select(word => word.Value).Order(StringComparer.Ordinal)
        );
    }

    private static List<string> Ids() =>
        [
            .. AppDomain
                .CurrentDomain.GetAssemblies()
                .Where(assembly => assembly.GetName().Name is "ArtifactsPS" or "ArtifactsPS.Core")
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => !type.IsAbstract && BaseTypes(type).Contains("ArtifactsException"))
                .Select(IdOf),
            .. FileIds,
        ];

    private static IEnumerable<string> BaseTypes(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
            yield return parent.Name;
    }

    // An id depends on the type alone.
    private static string IdOf(Type type) =>
        (string)
            type.GetProperty("ErrorId", BindingFlags.Public | BindingFlags.Instance)!
                .GetValue(RuntimeHelpers.GetUninitializedObject(type))!;

    [GeneratedRegex(@"^([A-Z][a-z0-9]*)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PascalCase();

    /// <summary>The section ERROR IDS, up to the next heading.</summary>
    [GeneratedRegex(@"(?<=\nERROR IDS\n).*?(?=\n[A-Z])", RegexOptions.Singleline, 1000)]
    private static partial Regex Section();

    /// <summary>Lines of ids are indented by eight columns, headings by four.</summary>
    [GeneratedRegex(@"^ {8}.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Items();

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
