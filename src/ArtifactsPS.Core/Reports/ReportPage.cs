using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;

namespace ArtifactsPS.Core.Reports;

/// <summary>
/// Writes a report as a single HTML page. Its content security policy allows only its own scripts, by their hashes, and no
/// requests. Data from the store is JSON, escaped so that it cannot end its HTML element.
/// </summary>
public static class ReportPage
{
    private static readonly string[] Styles = ["report.css"];

    // In order of dependency.
    private static readonly string[] Scripts =
    [
        "vendor.charts.min.js",
        "text.js",
        "versions.js",
        "entries.js",
        "treemap.js",
        "lineage.js",
        "page.js",
    ];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the page.</summary>
    /// <param name="target">Not closed.</param>
    public static async Task WriteAsync(ArtifactReport report, Stream target, CancellationToken cancellationToken)
    {
        var styles = Styles.Select(ReadPart).ToList();
        var scripts = Scripts.Select(ReadPart).ToList();
        var page = ReadPart("report.html")
            .Replace("{{policy}}", PolicyOf(styles, scripts))
            .Replace("{{styles}}", string.Join("\n", styles.Select(text => $"<style>{text}</style>")))
            .Replace("{{licences}}", ReadPart("vendor.LICENSES.txt"));
        var (before, after) = Split(page, "{{data}}");
        // Replaced last, because scripts may contain any placeholder.
        var (middle, end) = Split(after, "{{scripts}}");

        using var writer = new StreamWriter(target, Utf8, bufferSize: 81920, leaveOpen: true) { NewLine = "\n" };
        await writer.WriteAsync(before).ConfigureAwait(false);
        await WriteDataAsync(report, writer, cancellationToken).ConfigureAwait(false);
        await writer.WriteAsync(middle).ConfigureAwait(false);
        foreach (var script in scripts)
            await writer.WriteAsync($"<script>{script}</script>\n").ConfigureAwait(false);
        await writer.WriteAsync(end).ConfigureAwait(false);
    }

    // This escaping leaves no character with a meaning in HTML.
    private static async Task WriteDataAsync(
        ArtifactReport report,
        TextWriter writer,
        CancellationToken cancellationToken
    )
    {
        using var json = new JsonTextWriter(writer)
        {
            StringEscapeHandling = StringEscapeHandling.EscapeHtml,
            CloseOutput = false,
            AutoCompleteOnClose = false,
        };
        await report.ToJson().WriteToAsync(json, cancellationToken).ConfigureAwait(false);
    }

    private static string PolicyOf(IEnumerable<string> styles, IEnumerable<string> scripts) =>
        $"default-src 'none'; style-src {HashesOf(styles)}; script-src {HashesOf(scripts)}; base-uri 'none'; form-action 'none'";

    private static string HashesOf(IEnumerable<string> texts)
    {
        using var sha = SHA256.Create();
        return string.Join(
            " ",
            texts.Select(text => $"'sha256-{Convert.ToBase64String(sha.ComputeHash(Utf8.GetBytes(text)))}'")
        );
    }

    private static (string Before, string After) Split(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return (text.Substring(0, at), text.Substring(at + mark.Length));
    }

    // A browser hashes normalized line endings, whatever the line endings of the checkout.
    private static string ReadPart(string name)
    {
        using var reader = new StreamReader(
            typeof(ReportPage).Assembly.GetManifestResourceStream(typeof(ReportPage), "Page." + name)!,
            Utf8
        );
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
