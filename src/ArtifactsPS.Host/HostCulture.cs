using System.Globalization;

namespace ArtifactsPS.Host;

/// <summary>The culture that things are shown in.</summary>
internal static class HostCulture
{
    /// <summary>
    /// The culture of the process. Where it has none (LANG=C, as in many containers) the engine would break lines within
    /// words, as it does in languages whose words it can't tell: English then, with numbers and dates as without it.
    /// </summary>
    public static CultureInfo OfProcess()
    {
        var culture = CultureInfo.CurrentCulture;
        if (culture.Name.Length > 0)
        {
            return culture;
        }

        try
        {
            return new CultureInfo("en-US")
            {
                NumberFormat = culture.NumberFormat,
                DateTimeFormat = culture.DateTimeFormat,
            };
        }
        catch (CultureNotFoundException)
        {
            // DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: there are no others.
            return culture;
        }
    }
}
