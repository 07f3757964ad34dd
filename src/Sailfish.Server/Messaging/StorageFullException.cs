namespace Sailfish.Server.Messaging;

/// <summary>There is no room for a message; the text says by which setting.</summary>
internal sealed class StorageFullException(string reason) : Exception(reason)
{
    /// <summary>For the one who sent it.</summary>
    public string Explanation => $"The message could not be stored: {Message}. Send it again later with the same clientMsgId.";
}
