using System.Globalization;

namespace ArtifactsPS.Output;

/// <summary>Puts times into words, for people who look at them soon after; what is long ago is shown as its date.</summary>
public static class RelativeTime
{
    private const int DaysInWords = 14;

    /// <summary>How long ago a local time is, such as <c>5 minutes ago</c>.</summary>
    public static string Format(DateTime time) => Format(time, DateTime.Now);

    /// <summary>How long before another local time a local time is.</summary>
    public static string Format(DateTime time, DateTime now)
    {
        var age = now - time;
        // Another machine's clock may be ahead of this one's, a little.
        if (age < TimeSpan.FromMinutes(-1) || age >= TimeSpan.FromDays(DaysInWords))
            return time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return age.TotalMinutes < 1 ? "just now"
            : age.TotalHours < 1 ? Ago(age.Minutes, "minute")
            : age.TotalDays < 1 ? Ago(age.Hours, "hour")
            : Ago(age.Days, "day");
    }

    private static string Ago(int number, string unit) =>
        FormattableString.Invariant($"{number} {unit}{(number == 1 ? "" : "s")} ago");
}
