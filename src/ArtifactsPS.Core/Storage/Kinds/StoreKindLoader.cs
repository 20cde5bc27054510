using System.Reflection;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// Loads the assemblies that bring a kind of store, each on first use and apart from all others: a session may hold another
/// version of the same packages.
/// </summary>
internal sealed class StoreKindLoader
{
    private static readonly Dictionary<string, string> Assemblies = new(StringComparer.Ordinal)
    {
        ["s3"] = "s3/ArtifactsPS.Stores.S3.dll",
        ["az"] = "azure/ArtifactsPS.Stores.AzureBlob.dll",
    };

    private readonly Dictionary<string, IStoreKind> _loaded = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <param name="folder">Where the assemblies are, each in a folder of its own.</param>
    public StoreKindLoader(string folder) => _folder = folder;

    /// <summary>Those that come with the module.</summary>
    public static StoreKindLoader OfModule { get; } =
        new(Path.Combine(Path.GetDirectoryName(typeof(StoreKindLoader).Assembly.Location)!, "stores"));

    /// <summary>The kind of store that a location is of, with options that it knows.</summary>
    /// <exception cref="InvalidStoreLocationException">There is no such kind, or it has no such option.</exception>
    public IStoreKind KindOf(StoreAddress address)
    {
        if (!Assemblies.TryGetValue(address.Scheme, out var assembly))
            throw address.Invalid(
                $"there is no kind of store for '{address.Scheme}'. Give the path of a folder or share, or a location that "
                    + $"begins with {string.Join(" or ", Assemblies.Keys.Select(scheme => scheme + "://"))}"
            );
        lock (_loaded)
        {
            if (!_loaded.TryGetValue(address.Scheme, out var kind))
                _loaded.Add(address.Scheme, kind = Load(address, Path.Combine(_folder, assembly)));
            address.CheckOptions(kind.Options);
            return kind;
        }
    }

    private static IStoreKind Load(StoreAddress address, string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new StoreUnavailableException(
                address.ToString(),
                $"'{path}' is missing. Install the module again; in its source folder, build first: dotnet build"
            );
        var type = StoreAssembly
            .Load(path)
            .GetExportedTypes()
            .Single(type => typeof(IStoreKind).IsAssignableFrom(type) && !type.IsAbstract);
        return (IStoreKind)Activator.CreateInstance(type)!;
    }
}
