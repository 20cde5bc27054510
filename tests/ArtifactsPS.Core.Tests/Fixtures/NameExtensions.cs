namespace ArtifactsPS.Core.Tests.Fixtures;

internal static class NameExtensions
{
    /// <summary>Texts of names, whose case an assertion compares as well.</summary>
    public static IEnumerable<string> Texts(this IEnumerable<CaseInsensitiveName> names) =>
        names.Select(name => name.ToString());
}
