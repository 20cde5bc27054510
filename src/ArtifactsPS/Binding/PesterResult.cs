using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ArtifactsPS.Core.Attestations.Evidence;

namespace ArtifactsPS.Binding;

/// <summary>Reads the object that <c>Invoke-Pester -PassThru</c> outputs, of Pester 4, 5 and 6, also after serialization.</summary>
internal static class PesterResult
{
    /// <exception cref="TestResultInvalidException">The object is another one.</exception>
    public static TestResult Read(PSObject run)
    {
        if (Count(run, "PassedCount") is not { } passed || Count(run, "FailedCount") is not { } failed)
            throw new TestResultInvalidException($"'{run.BaseObject.GetType().Name}'", "it isn't a result of Pester");
        var names = new List<string>();
        foreach (var test in Items(run, "Failed").Concat(Items(run, "TestResult").Where(IsFailed)))
            names.Add(Text(test, "ExpandedPath") ?? OldName(test));
        foreach (var part in Items(run, "FailedBlocks").Concat(Items(run, "FailedContainers")))
            names.Add(Text(part, "ExpandedPath") ?? Text(part, "Name") ?? Text(part, "Item") ?? $"{part.BaseObject}");
        return new TestResult
        {
            Passed = passed,
            Failed = failed,
            Skipped = new[] { "SkippedCount", "NotRunCount", "InconclusiveCount", "PendingCount" }.Sum(name =>
                Count(run, name) ?? 0
            ),
            HasFailed =
                Text(run, "Result") is { } result && result != "Passed"
                || Count(run, "FailedBlocksCount") > 0
                || Count(run, "FailedContainersCount") > 0,
            FailedTests = names,
            Duration = Value(run, "Duration") as TimeSpan? ?? Value(run, "Time") as TimeSpan?,
            StartedAt = Value(run, "ExecutedAt") is DateTime time ? new DateTimeOffset(time.ToUniversalTime()) : null,
            Configuration = Configuration(run),
        };
    }

    private static Dictionary<string, string> Configuration(PSObject run)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal) { ["framework"] = "Pester" };
        if (Text(run, "Version") is { } version)
            found["Pester"] = version;
        if (Text(run, "PSVersion") is { } powerShell)
            found["PowerShell"] = powerShell;
        found["system"] = Environment.OSVersion.VersionString;
        return found;
    }

    private static string OldName(PSObject test) =>
        string.Join(
            ".",
            new[] { Text(test, "Describe"), Text(test, "Context"), Text(test, "Name") }.Where(part =>
                !string.IsNullOrEmpty(part)
            )
        );

    private static bool IsFailed(PSObject test) => Text(test, "Result") == "Failed";

    private static IEnumerable<PSObject> Items(PSObject item, string name) =>
        Value(item, name) is IEnumerable items and not string
            ? items.Cast<object>().Where(part => part is not null).Select(PSObject.AsPSObject)
            : [];

    private static int? Count(PSObject item, string name) =>
        Value(item, name) is { } value and (int or long) ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;

    private static string? Text(PSObject item, string name) => Value(item, name)?.ToString();

    private static object? Value(PSObject item, string name) =>
        item.Properties[name]?.Value is { } value ? (value as PSObject)?.BaseObject ?? value : null;
}
