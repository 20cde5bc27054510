using System.Text;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The stores that a user has given names: one small file each, in a folder of the user's, so that two processes
/// registering at once can't lose each other's.
/// </summary>
public sealed class StoreRegistry
{
    /// <summary>The environment variable that names another folder for what is remembered.</summary>
    public const string FolderVariable = "ARTIFACTS_CONFIG";

    /// <summary>The environment variable that names the store to use where no default is registered.</summary>
    public const string StoreVariable = "ARTIFACTS_STORE";

    private const int MaxNameLength = 64;

    private readonly string _folder;

    /// <param name="folder">Where the registrations are kept.</param>
    public StoreRegistry(string folder) => _folder = folder;

    /// <summary>This user's registry.</summary>
    public static StoreRegistry OfUser() =>
        new(
            Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
                ? folder
                : Path.Combine(FolderOf(Environment.SpecialFolder.ApplicationData), "ArtifactsPS")
        );

    /// <summary>The store that is used, and made on first use, where none is named anywhere.</summary>
    public static string DefaultFolder =>
        Path.Combine(FolderOf(Environment.SpecialFolder.LocalApplicationData), "ArtifactStore");

    /// <summary>The name of the store to use where none is given; null if there is none.</summary>
    public string? DefaultName
    {
        get
        {
            try
            {
                return File.ReadAllText(DefaultFile).Trim() is { Length: > 0 } name ? name : null;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }
    }

    private string DefaultFile => Path.Combine(_folder, "default-store");

    private string StoresFolder => Path.Combine(_folder, "stores");

    /// <summary>Whether a text could be a store's name rather than a location.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength
        && text[0] is not ('-' or '.')
        && text[text.Length - 1] != '.'
        && text.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' or '.');

    /// <summary>All registered stores, sorted by name.</summary>
    public IReadOnlyList<RegisteredStore> List()
    {
        if (!Directory.Exists(StoresFolder))
            return [];
        return Directory
            .EnumerateFiles(StoresFolder, "*.json")
            .Select(Read)
            .OfType<RegisteredStore>()
            .OrderBy(store => store.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
    }

    /// <summary>Finds a store by its name; null when there is none.</summary>
    public RegisteredStore? Find(string name) => IsName(name) ? Read(FileOf(name)) : null;

    /// <summary>Remembers a store, in place of one of the same name.</summary>
    /// <exception cref="InvalidStoreNameException">It can't be a store's name.</exception>
    public void Add(RegisteredStore store, bool asDefault)
    {
        if (!IsName(store.Name))
            throw new InvalidStoreNameException(store.Name);
        Write(
            FileOf(store.Name),
            new JObject { ["name"] = store.Name, ["location"] = store.Location }.ToString(Formatting.Indented)
        );
        if (asDefault)
            Write(DefaultFile, store.Name);
    }

    /// <summary>Forgets a store, which itself stays as it is.</summary>
    /// <exception cref="StoreNotRegisteredException">There is no store of that name.</exception>
    public void Remove(string name)
    {
        if (Find(name) is null)
            throw new StoreNotRegisteredException(name);
        File.Delete(FileOf(name));
        if (string.Equals(DefaultName, name, StringComparison.OrdinalIgnoreCase))
            File.Delete(DefaultFile);
    }

    private static string FolderOf(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    private static RegisteredStore? Read(string file)
    {
        try
        {
            var json = JObject.Parse(File.ReadAllText(file));
            return new RegisteredStore(json.RequiredText("name"), json.RequiredText("location"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new StoreRegistrationUnreadableException(file, e);
        }
    }

    // A reader sees the old registration or the new one, whole.
    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var staged = $"{file}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(staged, text + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        FileReplacement.Replace(file, staged);
    }

#pragma warning disable CA1308 // A file name that is the same whatever the file system thinks of case.
    private string FileOf(string name) => Path.Combine(StoresFolder, name.ToLowerInvariant() + ".json");
#pragma warning restore CA1308
}

/// <summary>A store and the name a user gave it.</summary>
public sealed record RegisteredStore(string Name, string Location);

/// <summary>A text that can't be a store's name.</summary>
public sealed class InvalidStoreNameException(string name)
    : ArtifactsException(
        $"'{name}' can't be the name of a store: give at most 64 letters, digits and _ - ., not beginning with - or ., not ending with a dot.",
        name
    )
{
    public override string ErrorId => "InvalidStoreName";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>No store of that name is registered.</summary>
public sealed class StoreNotRegisteredException(string name)
    : ArtifactsException($"No store is registered as '{name}'. Get-ArtifactStore lists those that are.", name)
{
    public override string ErrorId => "StoreNotRegistered";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The file that remembers a store holds something else.</summary>
public sealed class StoreRegistrationUnreadableException(string file, Exception inner)
    : ArtifactsException(
        $"'{file}' can't be read as the registration of a store. Delete it and run Register-ArtifactStore again.",
        file,
        inner
    )
{
    public override string ErrorId => "StoreRegistrationUnreadable";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
