using System.Management.Automation.Runspaces;

namespace ArtifactsPS.Host;

/// <summary>Converts words of a command line to a script's arguments, like <c>pwsh -File</c>.</summary>
internal static class ScriptParameters
{
    /// <summary>
    /// <c>-Name</c> is a switch, or takes the next word as its value, as the script declares. <c>-Name:value</c> includes
    /// its value, where <c>$true</c> and <c>$false</c> are booleans. Other words are positional text.
    /// </summary>
    public static IEnumerable<CommandParameter> Bind(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (!IsParameter(word))
            {
                yield return new CommandParameter(null, word);
            }
            else if (colon < 0)
            {
                yield return new CommandParameter(word);
            }
            else if (colon < word.Length - 1)
            {
                yield return new CommandParameter(word[..colon], Value(word[(colon + 1)..]));
            }
            else
            {
                // `-Name: value`, in two words.
                yield return new CommandParameter(word[..colon], i + 1 < words.Count ? words[++i] : null);
            }
        }
    }

    // `-5` is a number and `-` a name for standard input; neither is a parameter.
    private static bool IsParameter(string word) =>
        word is ['-', var first, ..] && (char.IsLetter(first) || first is '_' or '?');

    private static object Value(string text) =>
        text.ToUpperInvariant() switch
        {
            "$TRUE" => true,
            "$FALSE" => false,
            _ => text,
        };
}
