using System.Globalization;

namespace ArtifactsPS.Host;

/// <summary>Culture of the output.</summary>
internal static class HostCulture
{
    /// <summary>
    /// Returns the culture of the process. For the invariant culture (LANG=C, as in many containers), the engine would
    /// break lines within words; English is used instead, with invariant formats of numbers and dates.
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
            // DOTNET_SYSTEM_GLOBALIZATION_INVARIANT allows no other culture.
            return culture;
        }
    }
}
