namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>
/// A pattern in the syntax of gitignore: <c>?</c> and <c>*</c> match within one folder, <c>**/</c> any number of folders,
/// <c>/**</c> everything below a folder, and a backslash makes the next character a literal. Matching takes time
/// proportional to the product of the lengths of pattern and path.
/// </summary>
internal sealed class IgnorePattern
{
    private static readonly char[] Special = ['*', '?', '[', '\\'];

    private readonly string _text;
    private readonly List<Step> _steps = [];

    private IgnorePattern(string text) => _text = text;

    private enum StepKind
    {
        Literal,
        AnyCharacter,
        Class,

        /// <summary>Any number of characters within a folder.</summary>
        Star,

        /// <summary>Any number of characters.</summary>
        AllBelow,

        /// <summary>Skips the next step, which is <see cref="Folders"/>, or enters it.</summary>
        OptionalFolders,

        /// <summary>One or more folders, with the closing slash.</summary>
        Folders,
    }

    /// <summary>Parses a pattern.</summary>
    /// <returns>Null if the pattern matches nothing, for example because a bracket isn't closed.</returns>
    public static IgnorePattern? Parse(string text)
    {
        var pattern = new IgnorePattern(text);
        return text.Length > 0 && (text.IndexOfAny(Special) < 0 || pattern.TryCompile()) ? pattern : null;
    }

    /// <summary>Whether the pattern matches a whole path or name.</summary>
    public bool IsMatch(string text)
    {
        if (_steps.Count == 0)
            return string.Equals(_text, text, StringComparison.Ordinal);
        // Simulates a nondeterministic automaton: the steps that may come next after the characters read so far.
        var now = new bool[_steps.Count + 1];
        var next = new bool[_steps.Count + 1];
        Enter(now, 0);
        for (var i = 0; i < text.Length; )
        {
            var character = CodePoint.At(text, i);
            i += CodePoint.Length(character);
            var any = false;
            for (var step = 0; step < _steps.Count; step++)
                if (now[step])
                    any |= Read(next, step, character);
            if (!any)
                return false;
            (now, next) = (next, now);
            Array.Clear(next, 0, next.Length);
        }
        return now[_steps.Count];
    }

    private bool Read(bool[] next, int index, int character)
    {
        var step = _steps[index];
        switch (step.Kind)
        {
            case StepKind.Literal when character == step.Character:
            case StepKind.AnyCharacter when character != '/':
            case StepKind.Class when character != '/' && step.Class!.Contains(character):
                Enter(next, index + 1);
                return true;
            case StepKind.Star when character != '/':
            case StepKind.AllBelow:
                Enter(next, index);
                return true;
            case StepKind.Folders:
                Enter(next, index);
                if (character == '/')
                    Enter(next, index + 1);
                return true;
            default:
                return false;
        }
    }

    // Marks a step, and all steps that can be reached from it without reading a character.
    private void Enter(bool[] states, int index)
    {
        while (!states[index])
        {
            states[index] = true;
            if (index == _steps.Count)
                return;
            switch (_steps[index].Kind)
            {
                case StepKind.Star or StepKind.AllBelow:
                    index++;
                    break;
                case StepKind.OptionalFolders:
                    states[index + 1] = true;
                    index += 2;
                    break;
                default:
                    return;
            }
        }
    }

    private bool TryCompile()
    {
        for (var at = 0; at < _text.Length; )
            switch (_text[at])
            {
                case '*':
                    at = AddStars(at);
                    break;
                case '?':
                    _steps.Add(new Step(StepKind.AnyCharacter));
                    at++;
                    break;
                case '[':
                    at++;
                    if (CharacterClass.Parse(_text, ref at) is not { } characters)
                        return false;
                    _steps.Add(new Step(StepKind.Class, Class: characters));
                    break;
                default:
                    if (_text[at] == '\\')
                        at++;
                    if (at == _text.Length)
                        return false;
                    var character = CodePoint.At(_text, at);
                    _steps.Add(new Step(StepKind.Literal, character));
                    at += CodePoint.Length(character);
                    break;
            }
        return true;
    }

    private int AddStars(int start)
    {
        var end = start;
        while (end < _text.Length && _text[end] == '*')
            end++;
        // Two stars span folders only where they are a whole segment. Like git, and unlike its documentation, they also do so
        // after plain text alone: `a**/b`.
        var beginsSegment = start == 0 || _text[start - 1] == '/' || start == _text.IndexOfAny(Special);
        if (end - start == 1 || !beginsSegment || end < _text.Length && _text[end] != '/')
        {
            _steps.Add(new Step(StepKind.Star));
            return end;
        }
        if (end == _text.Length)
        {
            _steps.Add(new Step(StepKind.AllBelow));
            return end;
        }
        _steps.Add(new Step(StepKind.OptionalFolders));
        _steps.Add(new Step(StepKind.Folders));
        return end + 1;
    }

    private readonly record struct Step(StepKind Kind, int Character = 0, CharacterClass? Class = null);
}
