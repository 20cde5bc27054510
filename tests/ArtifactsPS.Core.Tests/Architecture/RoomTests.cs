using System.Reflection;
using ArchUnitNET.Loader;

namespace ArtifactsPS.Core.Tests.Architecture;

public sealed class RoomTests
{
    private const string RootNamespace = "ArtifactsPS.Core";

    // A room may use the rooms before it, never those after it.
    private static readonly string[] Rooms =
    [
        "Values",
        "Concurrency",
        "FileSystem",
        "Storage",
        "References",
        "Records",
        "Content",
        "Manifests",
        "Reachability",
        "Catalogs",
        "Drafts",
        "Runs",
        "Attestations",
        "Publishing",
        "Restoring",
        "Distributed",
        "Transfer",
        "Maintenance",
        "Reports",
    ];

    private static readonly Assembly Core = typeof(Digest).Assembly;
    private static readonly ArchUnitNET.Domain.Architecture Architecture = new ArchLoader()
        .LoadAssemblies(Core)
        .Build();

    [Fact]
    public void Rooms_use_only_rooms_above_them()
    {
        var matrix = new RoomMatrix(Architecture, RootNamespace, Rooms);
        Assert.False(matrix.Violations.Any(), matrix.ToString());
    }

    [Fact]
    public void Every_namespace_belongs_to_a_room() =>
        Assert.Empty(new RoomMatrix(Architecture, RootNamespace, Rooms).TypesOutsideRooms);

    [Fact]
    public void Reversed_order_is_reported_with_matrix_and_types()
    {
        var matrix = new RoomMatrix(Architecture, RootNamespace, [.. Rooms.Reverse()]);
        var violation = (typeof(SealedRecord).FullName!, typeof(IObjectStore).FullName!);
        Assert.Contains(violation, matrix.Violations);
        Assert.Contains($"{violation.Item1} uses {violation.Item2}", matrix.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Use_within_an_async_method_is_found()
    {
        // FolderVerifier mentions WorkQueue in the body of an async method only.
        var matrix = new RoomMatrix(Architecture, RootNamespace, ["Restoring", "Concurrency"]);
        Assert.Contains((typeof(FolderVerifier).FullName!, typeof(WorkQueue<>).FullName!), matrix.Violations);
    }

    [Fact]
    public void Missing_room_is_reported()
    {
        var matrix = new RoomMatrix(Architecture, RootNamespace, [.. Rooms.Where(room => room != "Values")]);
        Assert.Contains(typeof(Digest).FullName!, matrix.TypesOutsideRooms);
    }

    [Fact]
    public void Core_does_not_reference_PowerShell() =>
        Assert.DoesNotContain(
            Core.GetReferencedAssemblies(),
            reference => reference.Name == "System.Management.Automation"
        );
}
