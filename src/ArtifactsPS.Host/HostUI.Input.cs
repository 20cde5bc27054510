using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace ArtifactsPS.Host;

/// <content>Questions, asked on standard error and answered on standard input, one line each.</content>
internal sealed partial class HostUI
{
    private volatile bool _isReadingInput;

    /// <summary>Whether the pipeline thread is blocked on standard input, where only the end of the process stops it.</summary>
    public bool IsReadingInput => _isReadingInput;

    public override string ReadLine()
    {
        _progress.Clear();
        return Blocking(Console.In.ReadLine)
            ?? throw new HostException(
                "Input is needed, but standard input has ended. Give the value as a parameter, or use -Confirm:$false."
            );
    }

    public override SecureString ReadLineAsSecureString()
    {
        var secret = new SecureString();
        if (!Terminal.InputIsTerminal)
        {
            foreach (var character in ReadLine())
            {
                secret.AppendChar(character);
            }

            return secret;
        }

        _progress.Clear();
        while (Blocking(() => Console.ReadKey(intercept: true)) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                secret.AppendChar(key.KeyChar);
            }
            else if (secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
        }

        Console.Error.WriteLine();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(
        string caption,
        string message,
        Collection<FieldDescription> descriptions
    )
    {
        Ask(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in descriptions)
        {
            var type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);
            answers[field.Name] = PSObject.AsPSObject(ReadField(field.Name, type));
        }

        return answers;
    }

    public override int PromptForChoice(
        string caption,
        string message,
        Collection<ChoiceDescription> choices,
        int defaultChoice
    )
    {
        Ask(caption, message);
        var keys = choices.Select(HotKey).ToArray();
        var menu = string.Join("  ", choices.Select((choice, i) => $"[{keys[i]}] {PlainLabel(choice)}"));
        var fallback = defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\")" : "";
        while (true)
        {
            Console.Error.Write($"{menu}  [?] Help{fallback}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            for (var i = 0; i < choices.Count; i++)
            {
                if (
                    string.Equals(answer, keys[i], StringComparison.OrdinalIgnoreCase)
                    || string.Equals(answer, PlainLabel(choices[i]), StringComparison.CurrentCultureIgnoreCase)
                )
                {
                    return i;
                }
            }

            if (answer == "?")
            {
                for (var i = 0; i < choices.Count; i++)
                {
                    Console.Error.WriteLine($"{keys[i]} - {choices[i].HelpMessage}");
                }
            }
        }
    }

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName
    ) =>
        PromptForCredential(
            caption,
            message,
            userName,
            targetName,
            PSCredentialTypes.Default,
            PSCredentialUIOptions.Default
        );

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options
    )
    {
        Ask(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Console.Error.Write("User: ");
            userName = ReadLine();
        }

        Console.Error.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private object ReadField(string name, Type type)
    {
        if (type == typeof(PSCredential))
        {
            return PromptForCredential("", name, "", "");
        }

        if (type.IsArray)
        {
            // One element per line, until an empty line.
            var elements = new List<string>();
            while (true)
            {
                Console.Error.Write($"{name}[{elements.Count}]: ");
                if (ReadLine() is not { Length: > 0 } element)
                {
                    return LanguagePrimitives.ConvertTo(elements, type, CultureInfo.CurrentCulture);
                }

                elements.Add(element);
            }
        }

        Console.Error.Write($"{name}: ");
        return type == typeof(SecureString)
            ? ReadLineAsSecureString()
            : LanguagePrimitives.ConvertTo(ReadLine(), type, CultureInfo.CurrentCulture);
    }

    private void Ask(string caption, string message)
    {
        _progress.Clear();
        foreach (var text in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(text))
            {
                Console.Error.WriteLine(text);
            }
        }
    }

    private T Blocking<T>(Func<T> read)
    {
        _isReadingInput = true;
        try
        {
            return read();
        }
        finally
        {
            _isReadingInput = false;
        }
    }

    /// <summary>The letter after the <c>&amp;</c> of a choice's label; the whole label if it has none.</summary>
    private static string HotKey(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length
            ? choice.Label[mark + 1].ToString().ToUpperInvariant()
            : choice.Label;
    }

    private static string PlainLabel(ChoiceDescription choice) =>
        choice.Label.Replace("&", "", StringComparison.Ordinal);
}
