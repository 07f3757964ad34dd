namespace Sailfish.Server.Living;

/// <summary>Room ids from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct IdRange(long First, long Last)
{
    /// <summary>Whether one of the ranges, which are in ascending order, has the id.</summary>
    public static bool Contains(IdRange[] ranges, long id)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (id < ranges[middle].First)
                high = middle - 1;
            else if (id > ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }
}
