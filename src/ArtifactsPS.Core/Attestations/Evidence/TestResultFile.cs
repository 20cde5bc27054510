using System.Globalization;
using System.Xml;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>Files with results of tests: NUnit 2.5 and 3, and JUnit. Tests are counted one by one, so that a wrong total in the
/// file does no harm. DTDs are refused.</summary>
public static class TestResultFile
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <exception cref="TestResultInvalidException">The file has another format, or is damaged.</exception>
    public static TestResult Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            using var xml = XmlReader.Create(file, Settings);
            xml.MoveToContent();
            var cases = new Cases();
            var (format, duration, start) = xml.LocalName switch
            {
                "test-run" => ("NUnit 3", Seconds(xml, "duration"), Time(xml.GetAttribute("start-time"))),
                "test-results" => ("NUnit 2.5", null, Time($"{xml.GetAttribute("date")} {xml.GetAttribute("time")}")),
                "testsuites" or "testsuite" => ("JUnit", Seconds(xml, "time"), Time(xml.GetAttribute("timestamp"))),
                var other => throw new InvalidDataException($"its root element is '{other}'"),
            };
            do cases.Add(xml);
            while (xml.Read());
            return new TestResult
            {
                Passed = cases.Passed,
                Failed = cases.Failed,
                Skipped = cases.Skipped,
                FailedTests = cases.FailedNames,
                Duration = duration ?? cases.Duration,
                StartedAt = start,
                Configuration = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["format"] = format,
                    ["file"] = Path.GetFileName(path),
                },
            };
        }
        catch (Exception e) when (e is XmlException or InvalidDataException)
        {
            throw new TestResultInvalidException($"'{path}'", e.Message, e);
        }
    }

    private static TimeSpan? Seconds(XmlReader xml, string attribute) =>
        double.TryParse(xml.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>Counts of the test cases that were read.</summary>
    private sealed class Cases
    {
        private string? _current;

        public int Passed { get; private set; }

        public int Failed => FailedNames.Count;

        public int Skipped { get; private set; }

        public TimeSpan? Duration { get; private set; }

        public List<string> FailedNames { get; } = [];

        public void Add(XmlReader xml)
        {
            if (xml.NodeType != XmlNodeType.Element)
                return;
            switch (xml.LocalName)
            {
                case "test-case":
                    AddTime(Seconds(xml, "duration") ?? Seconds(xml, "time"));
                    AddNUnit(xml.GetAttribute("fullname") ?? xml.GetAttribute("name") ?? "", xml);
                    break;
                case "testcase":
                    AddTime(Seconds(xml, "time"));
                    var suite = xml.GetAttribute("classname");
                    var name = xml.GetAttribute("name") ?? "";
                    _current = string.IsNullOrEmpty(suite) ? name : $"{suite}.{name}";
                    Passed++;
                    break;
                case "failure" or "error" when _current is not null:
                    Passed--;
                    FailedNames.Add(_current);
                    _current = null;
                    break;
                case "skipped" when _current is not null:
                    Passed--;
                    Skipped++;
                    _current = null;
                    break;
            }
        }

        private void AddNUnit(string name, XmlReader xml)
        {
            switch (xml.GetAttribute("result"))
            {
                case "Passed" or "Success" or "Warning":
                    Passed++;
                    break;
                case "Failed" or "Failure" or "Error":
                    FailedNames.Add(name);
                    break;
                case null:
                    throw new InvalidDataException($"the test '{name}' has no result");
                default:
                    Skipped++;
                    break;
            }
        }

        private void AddTime(TimeSpan? time) => Duration = time is { } added ? (Duration ?? default) + added : Duration;
    }
}
