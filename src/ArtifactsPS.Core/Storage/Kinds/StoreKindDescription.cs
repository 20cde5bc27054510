using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// Description of a kind of store, read from <c>store.json</c> in the kind's folder. Locations are checked, and kinds are
/// listed, without loading an assembly.
/// </summary>
public sealed class StoreKindDescription
{
    /// <summary>Name of the file in the kind's folder.</summary>
    public const string FileName = "store.json";

    /// <summary>Full path of the assembly that has the <see cref="IStoreKind"/>.</summary>
    public required string AssemblyPath { get; init; }

    /// <summary>Schemes of the kind's locations, in lower case.</summary>
    public required IReadOnlyList<string> Schemes { get; init; }

    /// <summary>One line that shows the form of a location and names the service.</summary>
    public required string Help { get; init; }

    /// <summary>Options that a location may have, in the order in which they are listed.</summary>
    public required IReadOnlyList<StoreOption> Options { get; init; }

    /// <summary>Names that the service gives to secrets. An option with such a name is refused.</summary>
    public required IReadOnlyList<string> SecretNames { get; init; }

    /// <summary>Environment variables that decide which user the service sees. A changed value means a new connection.</summary>
    public required IReadOnlyList<string> EnvironmentVariables { get; init; }

    /// <summary>The environment variables that usually hold the secrets, as words for a message; empty for a kind without
    /// secrets.</summary>
    public required string CredentialSource { get; init; }

    /// <summary>Reads the description of the kind in a folder.</summary>
    /// <exception cref="StoreKindUnreadableException">The file is invalid.</exception>
    internal static StoreKindDescription Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return RecordFields.Read<StoreKindDescription>(
                (fields, value) => Map(fields, value, folder),
                JObject.Parse(File.ReadAllText(path))
            );
        }
        catch (Exception e) when (e is JsonException or InvalidDataException || StoreFailure.Is(e))
        {
            throw new StoreKindUnreadableException(path, e);
        }
    }

    /// <summary>Checks the options of an address.</summary>
    /// <exception cref="InvalidStoreLocationException">An option is unknown, or has an invalid value.</exception>
    internal void Check(StoreAddress address)
    {
        address.CheckOptions([.. Options.Select(option => option.Name)]);
        foreach (var option in Options)
            option.Check(address);
    }

    private static StoreKindDescription Map(RecordFields fields, StoreKindDescription? value, string folder) =>
        new()
        {
            AssemblyPath = Path.GetFullPath(Path.Combine(folder, fields.Text("assembly", value?.AssemblyPath))),
            Schemes = fields.Texts("schemes", value?.Schemes),
            Help = fields.Text("help", value?.Help),
            Options = fields.Records<StoreOption>("options", value?.Options, StoreOption.Map),
            SecretNames = fields.Texts("secretNames", value?.SecretNames),
            EnvironmentVariables = fields.Texts("environmentVariables", value?.EnvironmentVariables),
            CredentialSource = fields.OptionalText("credentialSource", value?.CredentialSource) ?? "",
        };
}

/// <summary>Form of an option's value.</summary>
public enum StoreOptionType
{
    Text,

    /// <summary>A whole number within a range.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>The <c>http://</c> or <c>https://</c> address of a server.</summary>
    Server,
}

/// <summary>Option of a kind's locations.</summary>
public sealed class StoreOption
{
    public required string Name { get; init; }

    public required StoreOptionType Type { get; init; }

    /// <summary>What the option sets, in a few words.</summary>
    public required string Meaning { get; init; }

    /// <summary>Smallest value of a number.</summary>
    public int Minimum { get; init; }

    /// <summary>Largest value of a number.</summary>
    public int Maximum { get; init; } = int.MaxValue;

    internal static StoreOption Map(RecordFields fields, StoreOption? value) =>
        new()
        {
            Name = fields.Text("name", value?.Name),
            Type = Enum.TryParse(
                fields.Text("type", value?.Type.ToString()),
                ignoreCase: true,
                out StoreOptionType type
            )
                ? type
                : throw new InvalidDataException("'type' is invalid"),
            Meaning = fields.Text("meaning", value?.Meaning),
            Minimum = (int?)fields.OptionalNumber("minimum", value?.Minimum, int.MaxValue) ?? 0,
            Maximum = (int?)fields.OptionalNumber("maximum", value?.Maximum, int.MaxValue) ?? int.MaxValue,
        };

    /// <exception cref="InvalidStoreLocationException">The address has an invalid value for this option.</exception>
    internal void Check(StoreAddress address)
    {
        switch (Type)
        {
            case StoreOptionType.Number:
                if (address.TextOf(Name) is not null && !(address.NumberOf(Name) is { } number && IsInRange(number)))
                    throw address.Invalid($"option '{Name}' must be a whole number from {Minimum} to {Maximum}");
                break;
            case StoreOptionType.Flag:
                address.FlagOf(Name);
                break;
            case StoreOptionType.Server:
                address.ServerOf(Name);
                break;
        }
    }

    private bool IsInRange(int number) => number >= Minimum && number <= Maximum;
}

/// <summary>The file that describes a kind of store is damaged.</summary>
public sealed class StoreKindUnreadableException(string path, Exception inner)
    : ArtifactsException($"'{path}' doesn't describe a kind of store. Install the module again.", path, inner)
{
    public override string ErrorId => "StoreKindUnreadable";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
