using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Values in views, without characters that control a terminal. The properties have the exact values.</summary>
public static class ViewText
{
    /// <summary>Converts a value: texts, their lists, and tables as a list of <c>[key, value]</c>. Null remains null.</summary>
    public static object? Of(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            null => null,
            string text => DisplayText.Of(text),
            IDictionary table => table.Cast<DictionaryEntry>().Select(Pair).ToArray(),
            IEnumerable list => list.Cast<object?>().Select(item => DisplayText.Of(Text(item))).ToArray(),
            var other => other,
        };

    private static string Pair(DictionaryEntry entry) => DisplayText.Of($"[{Text(entry.Key)}, {Text(entry.Value)}]");

    private static string Text(object? value) =>
        value is IDictionary table ? "{" + string.Join(", ", table.Cast<DictionaryEntry>().Select(Pair)) + "}"
        : value is not string and IEnumerable list ? "{" + string.Join(", ", list.Cast<object?>().Select(Text)) + "}"
        : LanguagePrimitives.ConvertTo<string>(value) ?? "";
}
