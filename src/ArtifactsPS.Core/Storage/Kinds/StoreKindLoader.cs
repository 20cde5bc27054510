using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The installed kinds of store: each folder below <c>stores/</c> that has a <see cref="StoreKindDescription.FileName"/>. A
/// kind's assembly is loaded when a location of the kind is first opened, and apart from all others: a session may hold
/// another version of the same packages.
/// </summary>
internal sealed class StoreKindLoader
{
    private readonly Dictionary<string, IStoreKind> _loaded = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<StoreKindDescription>> _installed;

    /// <param name="folder">The folder that has a folder for each kind. It may be missing.</param>
    public StoreKindLoader(string folder) =>
        _installed = new(() => Discover(folder), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The kinds that are installed with the module.</summary>
    public static StoreKindLoader OfModule { get; } = new(ModuleFolder.PathOf("stores"));

    /// <summary>Descriptions of all kinds, sorted by folder.</summary>
    public IReadOnlyList<StoreKindDescription> Installed => _installed.Value;

    /// <summary>Finds the kind of a scheme; null when none is installed.</summary>
    public StoreKindDescription? Find(string scheme) =>
        Installed.FirstOrDefault(kind => kind.Schemes.Contains(scheme, StringComparer.Ordinal));

    /// <summary>Returns the kind of an address, and checks the options of the address.</summary>
    /// <exception cref="InvalidStoreLocationException">No such kind is installed, or an option is invalid.</exception>
    public StoreKindDescription Describe(StoreAddress address)
    {
        var kind = Find(address.Scheme) ?? throw address.Invalid(UnknownScheme(address.Scheme));
        kind.Check(address);
        return kind;
    }

    /// <summary>Loads a kind. Its assembly stays loaded.</summary>
    /// <exception cref="StoreUnavailableException">The assembly is missing.</exception>
    public IStoreKind Load(StoreKindDescription kind, string location)
    {
        lock (_loaded)
        {
            if (!_loaded.TryGetValue(kind.AssemblyPath, out var loaded))
                _loaded.Add(kind.AssemblyPath, loaded = Load(kind.AssemblyPath, location));
            return loaded;
        }
    }

    private static IStoreKind Load(string path, string location)
    {
        if (!File.Exists(path))
            throw new StoreUnavailableException(
                location,
                $"'{path}' is missing. Install the module again; in its source folder, build first: dotnet build"
            );
        var type = StoreAssembly
            .Load(path)
            .GetExportedTypes()
            .Single(type => typeof(IStoreKind).IsAssignableFrom(type) && !type.IsAbstract);
        return (IStoreKind)Activator.CreateInstance(type)!;
    }

    private static IReadOnlyList<StoreKindDescription> Discover(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Where(kind => File.Exists(Path.Combine(kind, StoreKindDescription.FileName)))
                    .OrderBy(kind => kind, StringComparer.Ordinal)
                    .Select(StoreKindDescription.Read),
            ]
            : [];

    private string UnknownScheme(string scheme) =>
        $"no kind of store for '{scheme}://' is installed. Give the path of a folder or share"
        + string.Concat(Installed.Select(kind => $"; or {kind.Help}"));
}
