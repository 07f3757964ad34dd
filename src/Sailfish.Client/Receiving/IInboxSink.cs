namespace Sailfish.Client.Receiving;

/// <summary>What an <see cref="Inbox"/> wants done. Called with the inbox locked: must not block, nor call back.</summary>
internal interface IInboxSink
{
    /// <summary>Hands a message to the application; false when there is no room for it.</summary>
    bool TryDeliver(SailfishMessage message);

    /// <summary>Everything of a one-to-one conversation up to <paramref name="seq"/> was delivered.</summary>
    void AckUpTo(string conversation, long seq);

    /// <summary>One message was delivered, and what stands before it is not known.</summary>
    void AckOne(string msgId);

    /// <summary>Messages of the conversation are missing and can be pulled.</summary>
    void NeedSync(string conversation);

    /// <summary>Messages are lost.</summary>
    void Gap(string? conversation, long? firstMissing, long? lastMissing);
}
