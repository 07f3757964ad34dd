namespace Sailfish.Server.Nodes;

/// <summary>Has the feed of changes look at once, and not within its second: another node has told that there is something.</summary>
internal interface IChangeHurry
{
    /// <summary>Never waits; may come as often as it likes.</summary>
    void Hurry();
}
