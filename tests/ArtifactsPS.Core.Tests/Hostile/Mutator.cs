using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Creates random invalid variants of valid documents.</summary>
internal sealed class Mutator(Random random)
{
    private const int MaxNesting = 5000;

    private static readonly string[] Texts =
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "C:/Windows",
        "a\\b",
        "a/../b",
        "a//b",
        "a\u0000b",
        "\ud800",
        "\udc00\ud800",
        "\ufeff",
        "__proto__",
        "$type",
        "System.IO.FileInfo, System.Private.CoreLib",
        "CON",
        "nul.txt",
        "trailing. ",
        "this",
        "latest",
        "v1",
        "https://user:secret@example.com/",
        "file:///etc/passwd",
        new string('a', 5000),
        "2020-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
        new string('0', 64),
        new string('f', 64),
    ];

    private static readonly string[] Literals =
    [
        "null",
        "true",
        "-1",
        "0",
        "1",
        "2",
        "16",
        "17",
        "255",
        "2147483647",
        "2147483648",
        "67108864",
        "67108865",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e999",
        "-0.0",
        "NaN",
        "Infinity",
        "0x10",
        "1" + new string('0', 400),
        "[]",
        "{}",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "undefined",
        "new Date(1)",
        "/* */",
        "'single'",
    ];

    /// <summary>Modifies a JSON document. Most results are still JSON.</summary>
    public string Mutate(string text)
    {
        var json = SealedRecord.Parse(text);
        for (var i = random.Next(1, 4); i > 0; i--)
            MutateToken(json);
        text = json.ToString(Formatting.None);
        return random.Next(4) switch
        {
            0 => MutateText(text),
            _ => text,
        };
    }

    /// <summary>Modifies a copy of bytes.</summary>
    public byte[] Mutate(byte[] bytes)
    {
        var mutated = bytes.ToList();
        for (var i = random.Next(1, 8); i > 0 && mutated.Count > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(64), mutated.Count - at));
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(64), mutated.Count - at)));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }
        return [.. mutated];
    }

    // Modifies text: numbers out of range, literals that aren't JSON, deep nesting and duplicate names.
    private string MutateText(string text)
    {
        var places = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToList();
        if (places.Count == 0)
            return text;
        var at = places[random.Next(places.Count)] + 1;
        switch (random.Next(4))
        {
            case 0:
                var depth = random.Next(MaxNesting);
                return text[..at] + new string('[', depth) + new string(']', random.Next(2) * depth) + "," + text[at..];
            case 1:
                return text[..at] + Literals[random.Next(Literals.Length)] + text[EndOf(text, at)..];
            case 2:
                return text[..1] + text[1..^1] + "," + text[1..];
            default:
                return Encoding.UTF8.GetString(Mutate(Encoding.UTF8.GetBytes(text)));
        }
    }

    private static int EndOf(string text, int at)
    {
        while (at < text.Length && text[at] is not (',' or '}' or ']'))
            at++;
        return at;
    }

    private void MutateToken(JToken json)
    {
        var all = ((JContainer)json).Descendants().ToList();
        if (all.Count == 0)
            return;
        var chosen = all[random.Next(all.Count)];
        switch (chosen)
        {
            case JProperty property:
                Mutate(property, all);
                break;
            case JValue value:
                value.Replace(NewValue(value, all));
                break;
            case JArray array when array.Count > 0:
                Mutate(array);
                break;
            default:
                chosen.Replace(NewValue(chosen, all));
                break;
        }
    }

    private void Mutate(JProperty property, List<JToken> all)
    {
        switch (random.Next(4))
        {
            case 0:
                property.Remove();
                break;
            case 1 when property.Parent is JObject parent && parent[Texts[random.Next(Texts.Length)]] is null:
                var name = Texts[random.Next(Texts.Length)];
                if (parent[name] is null)
                    property.Replace(new JProperty(name, property.Value.DeepClone()));
                break;
            default:
                property.Value = NewValue(property.Value, all);
                break;
        }
    }

    private void Mutate(JArray array)
    {
        var at = random.Next(array.Count);
        switch (random.Next(4))
        {
            case 0:
                array.RemoveAt(at);
                break;
            case 1:
                array.Insert(at, array[random.Next(array.Count)].DeepClone());
                break;
            case 2:
                var item = array[at];
                array.RemoveAt(at);
                array.Add(item);
                break;
            default:
                for (var i = random.Next(200); i > 0; i--)
                    array.Add(array[at].DeepClone());
                break;
        }
    }

    private JToken NewValue(JToken old, List<JToken> all) =>
        random.Next(6) switch
        {
            0 => new JValue(Texts[random.Next(Texts.Length)]),
            1 when old is { Type: JTokenType.Integer } => new JValue(Shift((long)old)),
            2 => new JArray(),
            3 => new JObject { ["__proto__"] = 1, ["$type"] = "System.Object" },
            // A value that is valid elsewhere in the document.
            4 => all[random.Next(all.Count)] is JValue other ? other.DeepClone() : JValue.CreateNull(),
            _ => random.Next(2) == 0 ? new JValue(random.NextInt64()) : new JValue(-random.Next(100)),
        };

    private long Shift(long number) =>
        random.Next(4) switch
        {
            0 => number == long.MaxValue ? 0 : number + 1,
            1 => number - 1,
            2 => long.MaxValue - random.Next(3),
            _ => int.MaxValue + (long)random.Next(3) - 1,
        };
}
