using System.Globalization;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>Reads what scripts write as scripts would.</summary>
internal static class PSObjectExtensions
{
    /// <summary>A property's value, converted as PowerShell does.</summary>
    public static T Get<T>(this PSObject value, string property) =>
        (T)LanguagePrimitives.ConvertTo(Property(value, property).Value, typeof(T), CultureInfo.InvariantCulture);

    /// <summary>A property's value as text.</summary>
    public static string? Text(this PSObject value, string property) => Property(value, property).Value?.ToString();

    /// <summary>The full names of what it is, without the namespace of the module's types.</summary>
    public static string TypeName(this PSObject value) => value.BaseObject.GetType().Name;

    /// <summary>The id that scripts tell the error by.</summary>
    public static string Id(this ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    /// <summary>Asserts all that a script, and a user, relies on of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="id">What its id begins with.</param>
    /// <param name="category">Its category.</param>
    /// <param name="target">The user's own item.</param>
    /// <param name="saying">Parts of the message: what it is about, and the way out.</param>
    public static void AssertIs(
        this ErrorRecord error,
        string id,
        ErrorCategory category,
        object? target,
        params string[] saying
    )
    {
        Assert.Equal(id, error.Id());
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(target, error.TargetObject is PSObject wrapped ? wrapped.BaseObject : error.TargetObject);
        foreach (var part in saying)
            Assert.Contains(part, error.Exception.Message, StringComparison.Ordinal);
    }

    private static PSPropertyInfo Property(PSObject value, string name) =>
        value.Properties[name] ?? throw new ArgumentException($"'{value}' has no property {name}.", nameof(name));
}
