using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Names of the properties of a custom object. They are read faster from further objects of this shape than the engine enumerates
/// them, which takes longer than to write them.
/// </summary>
internal sealed class CustomObjectShape
{
    // Without its number of members, an object may have more properties than those with a known name. The engine does not
    // publish it. Where it has no such member, there are no shapes.
    private static readonly Func<PSObject, int>? MemberCount = Getter<int>("InstanceMembers", "VisibleCount");
    private static readonly Func<PSObject, object>? TypesOf = Getter<object>("InternalTypeNames");

    private readonly string[] _names;
    private readonly PSNoteProperty[] _found;
    private readonly object _types;

    private CustomObjectShape(string[] names, object types)
    {
        _names = names;
        _found = new PSNoteProperty[names.Length];
        _types = types;
    }

    /// <summary>Returns the shape of a custom object; null if it has other properties than values of its own, such as those of
    /// Update-TypeData.</summary>
    /// <param name="properties">All properties of the object.</param>
    public static CustomObjectShape? Of(PSObject item, IReadOnlyCollection<PSPropertyInfo> properties) =>
        MemberCount is not null
        && TypesOf is not null
        && properties.All(property => property is PSNoteProperty { IsInstance: true })
        && MemberCount(item) == properties.Count
            ? new CustomObjectShape([.. properties.Select(property => property.Name)], TypesOf(item))
            : null;

    /// <summary>Finds the properties of a custom object, in the order of the shape.</summary>
    /// <returns>Null if the object has another shape. The list is valid until the next call.</returns>
    public IReadOnlyList<PSNoteProperty>? Find(PSObject item)
    {
        // Objects share their list of type names, unless they have a type name of their own.
        if (!ReferenceEquals(TypesOf!(item), _types) || MemberCount!(item) != _names.Length)
            return null;
        var properties = item.Properties;
        for (var i = 0; i < _names.Length; i++)
        {
            if (properties[_names[i]] is not PSNoteProperty { IsInstance: true } property)
                return null;
            _found[i] = property;
        }
        return _found;
    }

    private static Func<PSObject, T>? Getter<T>(params string[] path)
    {
        var item = Expression.Parameter(typeof(PSObject));
        Expression value = item;
        foreach (var name in path)
        {
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            if (value.Type.GetProperty(name, Any) is not { } property)
                return null;
            value = Expression.Property(value, property);
        }
        return typeof(T).IsAssignableFrom(value.Type)
            ? Expression.Lambda<Func<PSObject, T>>(value, item).Compile()
            : null;
    }
}
