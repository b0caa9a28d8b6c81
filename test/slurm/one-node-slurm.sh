#!/bin/sh
# A whole Slurm with accounting on this one machine, for real-slurm.test.ts: munge, MariaDB, slurmdbd, slurmctld, slurmd, no systemd.
#   one-node-slurm.sh start DIR    everything it keeps lies in DIR; DIR/slurm.conf is what SLURM_CONF has to name
#   one-node-slurm.sh stop DIR     ends the daemons that it started, by their pids
# Needs root and Debian's slurm-wlm, slurmdbd, mariadb-server and munge. Listens on loopback only.
set -eu
what=$1
dir=$2
host=$(hostname -s)

# Name and command line of a daemon; its pid is kept in DIR/pids/NAME.
launch() {
  name=$1
  shift
  "$@" >"$dir/log/$name.out" 2>&1 &
  echo $! >"$dir/pids/$name"
}

# Tries a command for a minute.
await() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { echo "no answer: $*" >&2; exit 1; }
    sleep 0.5
  done
}

start() {
  mkdir -p "$dir/log" "$dir/pids" "$dir/mysql" "$dir/munge" "$dir/state" "$dir/spool"
  chmod 755 "$dir"
  chmod 700 "$dir/munge"
  head -c 1024 /dev/urandom >"$dir/munge/key"
  chmod 400 "$dir/munge/key"
  # Slurm's programs look for munge at its usual place; where one runs already, this is no machine to try things on.
  [ ! -S /run/munge/munge.socket.2 ] || { echo "a munge runs here already" >&2; exit 1; }
  mkdir -p /run/munge
  launch munged munged --foreground --force --key-file="$dir/munge/key" \
    --pid-file="$dir/munge/pid" --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed"
  mariadb-install-db --no-defaults --datadir="$dir/mysql" --auth-root-authentication-method=normal --skip-test-db \
    --user=root >"$dir/log/mysql-install.out" 2>&1
  launch mariadbd mariadbd --no-defaults --user=root --datadir="$dir/mysql" --socket="$dir/mysql.sock" \
    --bind-address=127.0.0.1 --port=16306 --innodb-buffer-pool-size=64M --pid-file="$dir/mysql.pid"
  await mariadb --no-defaults --socket="$dir/mysql.sock" -e 'select 1'
  mariadb --no-defaults --socket="$dir/mysql.sock" -e "create database if not exists slurm_acct_db;
    create or replace user slurm@'127.0.0.1' identified by 'slurm'; create or replace user slurm@localhost identified by 'slurm';
    grant all on slurm_acct_db.* to slurm@'127.0.0.1'; grant all on slurm_acct_db.* to slurm@localhost;"
  cat >"$dir/slurmdbd.conf" <<CONF
AuthType=auth/munge
DbdHost=$host
DbdAddr=127.0.0.1
DbdPort=16819
SlurmUser=root
LogFile=$dir/log/slurmdbd.log
PidFile=$dir/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=16306
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
CONF
  chmod 600 "$dir/slurmdbd.conf"
  cat >"$dir/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
CryptoType=crypto/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/linux
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=$host
AccountingStoragePort=16819
ReturnToService=2
MpiDefault=none
KillWait=10
MinJobAge=20
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=builds Nodes=$host Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=$host MaxTime=INFINITE State=UP PriorityTier=10
CONF
  export SLURM_CONF="$dir/slurm.conf"
  # It looks for slurmdbd.conf beside the file that SLURM_CONF names.
  launch slurmdbd slurmdbd -D
  await sacctmgr -i list cluster
  sacctmgr -i add cluster one >/dev/null 2>&1 || true
  sacctmgr -i add account site Description=site Organization=site >/dev/null 2>&1 || true
  sacctmgr -i add user root Account=site >/dev/null 2>&1 || true
  launch slurmctld slurmctld -D -f "$dir/slurm.conf"
  launch slurmd slurmd -D -f "$dir/slurm.conf"
  await sh -c "sinfo -h -o %T | grep -q idle"
  echo "SLURM_CONF=$dir/slurm.conf"
}

stop() {
  for name in slurmd slurmctld slurmdbd mariadbd munged; do
    [ -f "$dir/pids/$name" ] || continue
    pid=$(cat "$dir/pids/$name")
    kill "$pid" 2>/dev/null || true
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 60 ]; do
      tries=$((tries + 1))
      sleep 0.5
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$dir/pids/$name"
  done
  rm -f /run/munge/munge.socket.2 /run/munge/munge.socket.2.lock
}

"$what"
