using System.Globalization;
using System.Text;
using ArchUnitNET.Domain;

namespace ArtifactsPS.Core.Tests.Architecture;

/// <summary>Uses between the rooms of an assembly, where a room is a namespace directly below the root namespace.</summary>
internal sealed class RoomMatrix
{
    private readonly string _rootNamespace;
    private readonly IReadOnlyList<string> _rooms;
    private readonly HashSet<(string User, string Used)>[,] _uses;

    /// <param name="rooms">Allowed order: a room may use the rooms before it.</param>
    public RoomMatrix(ArchUnitNET.Domain.Architecture assembly, string rootNamespace, IReadOnlyList<string> rooms)
    {
        _rootNamespace = rootNamespace;
        _rooms = rooms;
        _uses = new HashSet<(string, string)>[rooms.Count, rooms.Count];
        for (var user = 0; user < rooms.Count; user++)
        for (var used = 0; used < rooms.Count; used++)
            _uses[user, used] = [];
        foreach (var type in assembly.Types)
            Add(type);
    }

    /// <summary>Types of the assembly that are in no room, sorted.</summary>
    public SortedSet<string> TypesOutsideRooms { get; } = new(StringComparer.Ordinal);

    /// <summary>Pairs of types where a room uses a later one, in the order of the rooms.</summary>
    public IEnumerable<(string User, string Used)> Violations =>
        from user in Enumerable.Range(0, _rooms.Count)
        from used in Enumerable.Range(0, _rooms.Count)
        where used > user
        from pair in _uses[user, used].Order()
        select pair;

    /// <summary>Number of pairs of types by room, rows using columns, with all violations below.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("Rows use columns; counts are pairs of types. Allowed is the lower left.\n");
        var width = _rooms.Max(room => room.Length) + 4;
        text.Append(' ', width);
        for (var used = 0; used < _rooms.Count; used++)
            text.Append(CultureInfo.InvariantCulture, $"{used + 1, 4}");
        for (var user = 0; user < _rooms.Count; user++)
        {
            text.Append('\n').Append($"{user + 1, 2} {_rooms[user]}".PadRight(width));
            for (var used = 0; used < _rooms.Count; used++)
                text.Append(Cell(user, used).PadLeft(4));
        }
        text.Append('\n');
        foreach (var (user, used) in Violations)
            text.Append(CultureInfo.InvariantCulture, $"\n{user} uses {used}");
        return text.ToString();
    }

    private string Cell(int user, int used) =>
        user == used ? "-"
        : _uses[user, used].Count is > 0 and var count ? count.ToString(CultureInfo.InvariantCulture)
        : ".";

    private void Add(IType type)
    {
        // Attributes and the like that the compiler and PolySharp add.
        if (type.Namespace.FullName is var name && !IsBelow(name, _rootNamespace))
            return;
        var user = RoomOf(name);
        if (user < 0)
        {
            TypesOutsideRooms.Add(type.FullName);
            return;
        }
        foreach (var dependency in type.Dependencies)
            // A pointer to a function has no namespace.
            if (
                dependency.Target.Namespace is { FullName: var target }
                && RoomOf(target) is >= 0 and var used
                && used != user
            )
                _uses[user, used].Add((type.FullName, dependency.Target.FullName));
    }

    private int RoomOf(string name)
    {
        for (var room = 0; room < _rooms.Count; room++)
            if (IsBelow(name, $"{_rootNamespace}.{_rooms[room]}"))
                return room;
        return -1;
    }

    private static bool IsBelow(string name, string root) =>
        name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] == '.');
}
