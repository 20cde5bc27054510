using System.Globalization;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>Reads script output the way scripts do.</summary>
internal static class PSObjectExtensions
{
    /// <summary>Returns a property's value, converted by the rules of PowerShell.</summary>
    public static T Get<T>(this PSObject value, string property) =>
        (T)LanguagePrimitives.ConvertTo(Property(value, property).Value, typeof(T), CultureInfo.InvariantCulture);

    /// <summary>Returns a property's value as text; null if it has none.</summary>
    public static string? Text(this PSObject value, string property) => Property(value, property).Value?.ToString();

    /// <summary>Returns the name of the type, without its namespace.</summary>
    public static string TypeName(this PSObject value) => value.BaseObject.GetType().Name;

    /// <summary>Returns the error id without the name of the command.</summary>
    public static string Id(this ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    /// <summary>Asserts everything that scripts and users rely on in an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="id">The error id, without the name of the command.</param>
    /// <param name="category">The category.</param>
    /// <param name="target">The item that the user passed.</param>
    /// <param name="messageParts">Texts that the message must contain.</param>
    public static void AssertIs(
        this ErrorRecord error,
        string id,
        ErrorCategory category,
        object? target,
        params string[] messageParts
    )
    {
        Assert.Equal(id, error.Id());
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(target, error.TargetObject is PSObject wrapped ? wrapped.BaseObject : error.TargetObject);
        foreach (var part in messageParts)
            Assert.Contains(part, error.Exception.Message, StringComparison.Ordinal);
    }

    private static PSPropertyInfo Property(PSObject value, string name) =>
        value.Properties[name] ?? throw new ArgumentException($"'{value}' has no property {name}.", nameof(name));
}
