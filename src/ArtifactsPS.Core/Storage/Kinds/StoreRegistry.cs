using System.Text;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// Stores that a user has named. Each is a small file in a folder of the user, so that concurrent registrations don't overwrite
/// each other.
/// </summary>
public sealed class StoreRegistry
{
    /// <summary>Environment variable with another folder for registrations.</summary>
    public const string FolderVariable = "ARTIFACTS_CONFIG";

    /// <summary>Environment variable with the store that is used when no default is registered.</summary>
    public const string StoreVariable = "ARTIFACTS_STORE";

    private const int MaxNameLength = 64;

    private readonly string _folder;

    /// <param name="folder">Folder of the registrations.</param>
    public StoreRegistry(string folder) => _folder = folder;

    /// <summary>Opens this user's registry.</summary>
    public static StoreRegistry OfUser() => new(UserFolder);

    /// <summary>Folder of this user's registrations and other settings.</summary>
    public static string UserFolder =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
            ? folder
            : Path.Combine(FolderOf(Environment.SpecialFolder.ApplicationData), "ArtifactsPS");

    /// <summary>Folder of the store that is used without any other default. It is created on first use.</summary>
    public static string DefaultFolder =>
        Path.Combine(FolderOf(Environment.SpecialFolder.LocalApplicationData), "ArtifactStore");

    /// <summary>Name of the default store; null if none is registered.</summary>
    public string? DefaultName
    {
        get
        {
            try
            {
                return LocalFileSystem.Current.ReadAllText(DefaultFile).Trim() is { Length: > 0 } name ? name : null;
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

    /// <summary>Locations of all stores whose registrations can be read.</summary>
    internal IEnumerable<string> ReadableLocations()
    {
        if (!Directory.Exists(StoresFolder))
            yield break;
        foreach (var file in Directory.EnumerateFiles(StoresFolder, "*.json"))
        {
            RegisteredStore? store = null;
            try
            {
                store = Read(file);
            }
            catch (StoreRegistrationUnreadableException)
            {
                // Commands that need this registration report it.
            }
            if (store is not null)
                yield return store.Location;
        }
    }

    /// <summary>Finds a store by name; null if it isn't registered.</summary>
    public RegisteredStore? Find(string name) => IsName(name) ? Read(FileOf(name)) : null;

    /// <summary>Finds the location of a store that a record of another store names: that of the registered store with the same id,
    /// otherwise the recorded one. A record must not make this computer connect to a server that the user doesn't know, so that
    /// services and Windows shares must be registered.</summary>
    /// <param name="isKnown">Whether the user has opened the store at a location before.</param>
    /// <exception cref="StoreUnavailableException">The user doesn't know the location.</exception>
    public string LocationOf(StorePlace place, Func<string, bool> isKnown)
    {
        var registered = List();
        var location = registered.FirstOrDefault(store => store.Id == place.Id)?.Location ?? place.Location;
        var isRemote = StoreLocation.IsUri(location) || location.StartsWith(@"\\", StringComparison.Ordinal);
        return !isRemote || isKnown(location) || registered.Any(store => store.Location == location)
            ? location
            : throw new StoreUnavailableException(
                location,
                "a record of another store names it, and you have not registered it. If you trust it, register it with "
                    + "Register-ArtifactStore."
            );
    }

    /// <summary>Checks that a store can be registered without replacing another.</summary>
    /// <exception cref="InvalidStoreNameException">The name is invalid.</exception>
    /// <exception cref="StoreNameInUseException">A store at another location has the name.</exception>
    public void CheckMayAdd(RegisteredStore store)
    {
        if (!IsName(store.Name))
            throw new InvalidStoreNameException(store.Name);
        if (Find(store.Name) is { } other && other.Location != store.Location)
            throw new StoreNameInUseException(store.Name, other.Location);
    }

    /// <summary>Registers a store, and replaces one of the same name.</summary>
    /// <exception cref="InvalidStoreNameException">The name is invalid.</exception>
    public void Add(RegisteredStore store, bool asDefault)
    {
        if (!IsName(store.Name))
            throw new InvalidStoreNameException(store.Name);
        Write(
            FileOf(store.Name),
            RecordFields.Write<RegisteredStore>(RegisteredStore.Map, store).ToString(Formatting.Indented)
        );
        if (asDefault)
            Write(DefaultFile, store.Name);
    }

    /// <summary>Removes a registration. The store itself stays.</summary>
    /// <exception cref="StoreNotRegisteredException">No store of that name is registered.</exception>
    public void Remove(string name)
    {
        if (Find(name) is null)
            throw new StoreNotRegisteredException(name);
        LocalFileSystem.Current.Delete(FileOf(name));
        if (string.Equals(DefaultName, name, StringComparison.OrdinalIgnoreCase))
            LocalFileSystem.Current.Delete(DefaultFile);
    }

    private static string FolderOf(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    private static RegisteredStore? Read(string file)
    {
        try
        {
            return RecordFields.Read<RegisteredStore>(
                RegisteredStore.Map,
                JObject.Parse(LocalFileSystem.Current.ReadAllText(file))
            );
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

    // A reader sees the old or the new registration, never a partial one.
    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        FileReplacement.Write(file, new ArraySegment<byte>(Encoding.UTF8.GetBytes(text + "\n")), executable: false);
    }

#pragma warning disable CA1308 // The name is the same on file systems with and without case.
    private string FileOf(string name) => Path.Combine(StoresFolder, name.ToLowerInvariant() + ".json");
#pragma warning restore CA1308
}

/// <summary>A store and the name a user gave it.</summary>
public sealed record RegisteredStore(string Name, string Location)
{
    internal static RegisteredStore Map(RecordFields fields, RegisteredStore? value) =>
        new(fields.Text("name", value?.Name), fields.Text("location", value?.Location))
        {
            CredentialSecret = fields.OptionalText("credentialSecret", value?.CredentialSecret),
            Id = fields.OptionalText("id", value?.Id),
        };

    /// <summary>Name of the credential in a vault: <c>vault/secret</c> or <c>secret</c>; null for none.</summary>
    public string? CredentialSecret { get; init; }

    /// <summary>Id of the store when it was registered, by which records of other stores find it; null if it is unknown.</summary>
    public string? Id { get; init; }
}

/// <summary>A name of a store is invalid.</summary>
public sealed class InvalidStoreNameException(string name)
    : ArtifactsException(
        $"Invalid store name '{name}'. Use at most 64 letters, digits, '_', '-' and '.'. It can't start with '-' or '.', or end with '.'.",
        name
    )
{
    public override string ErrorId => "InvalidStoreName";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A store at another location is registered under a name.</summary>
public sealed class StoreNameInUseException(string name, string location)
    : ArtifactsException(
        $"The name '{name}' is registered for the store '{location}'. Choose another name, or use -Force to replace the "
            + "registration.",
        name
    )
{
    public override string ErrorId => "StoreNameInUse";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

/// <summary>No store of that name is registered.</summary>
public sealed class StoreNotRegisteredException(string name)
    : ArtifactsException($"No store is registered as '{name}'. Get-ArtifactStore lists the registered stores.", name)
{
    public override string ErrorId => "StoreNotRegistered";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The file of a registration is damaged.</summary>
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
